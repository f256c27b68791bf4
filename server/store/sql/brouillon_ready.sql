update edition_brouillon
set state = 'ready', refusal = null, numero = @numero, canonical = @canonical, hash = @hash, material = @material, ready_at = clock_timestamp()
where territoire = @territoire and id = @id and state = 'asked'
