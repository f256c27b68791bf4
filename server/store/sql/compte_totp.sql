select coalesce(totp, ''::bytea) as secret, totp_at is not null as confirmed, totp_step as step from compte
 where territoire = @territoire and id = @id
