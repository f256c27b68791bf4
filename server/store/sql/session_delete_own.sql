delete from session where territoire = @territoire and compte = @compte and digest = @digest
