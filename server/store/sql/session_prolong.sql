update session set data = @data, seen_at = clock_timestamp(), expires_at = @expires_at where digest = @digest
