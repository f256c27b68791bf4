select role, territoire from staff_token where digest = @digest and revoked_at is null
