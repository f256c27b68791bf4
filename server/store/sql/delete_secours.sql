delete from compte_secours where territoire = @territoire and compte = @compte
