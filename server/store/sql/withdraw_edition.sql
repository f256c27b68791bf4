update publication.edition set canonical = null, hash = null, withdrawn_on = @withdrawn_on
where territoire = @territoire and quartier = @quartier and numero = @numero and withdrawn_on is null
