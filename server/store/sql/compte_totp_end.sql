update compte set totp = null, totp_at = null, totp_step = 0 where territoire = @territoire and id = @id
