update edition set withdrawn_at = clock_timestamp()
where territoire = @territoire and quartier = @quartier and numero = @numero and withdrawn_at is null
