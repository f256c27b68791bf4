update staff_token set revoked_at = now() where demo and revoked_at is null
