update invitation set used_at = clock_timestamp()
 where digest = @digest and used_at is null and expires_at > clock_timestamp()
