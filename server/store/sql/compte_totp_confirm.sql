update compte set totp_step = @step, totp_at = clock_timestamp()
 where territoire = @territoire and id = @id and totp = @secret and totp_at is null
