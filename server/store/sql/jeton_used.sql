update staff_token set used_at = clock_timestamp()
 where digest = @digest and (used_at is null or used_at < clock_timestamp() - interval '1 hour')
