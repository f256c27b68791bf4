select digest, appareil, created_at, seen_at, expires_at from session
 where territoire = @territoire and compte = @compte and expires_at > clock_timestamp()
 order by seen_at desc, digest
