update compte_secours set used_at = clock_timestamp()
 where territoire = @territoire and compte = @compte and digest = @digest and used_at is null
