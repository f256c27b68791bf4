update staff_token set revoked_at = clock_timestamp() where territoire = @territoire and id = @id and revoked_at is null and not demo
returning label
