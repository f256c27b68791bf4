update staff_token set revoked_at = now()
where territoire = @territoire and demo and revoked_at is null
