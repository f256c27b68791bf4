update compte set totp = @secret, totp_at = null, totp_step = 0
 where territoire = @territoire and id = @id and totp_at is null
