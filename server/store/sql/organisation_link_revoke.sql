update organisation_link set revoked_at = coalesce(revoked_at, clock_timestamp())
where territoire = @territoire and organisation = @organisation and (@id::uuid is null or id = @id)
