update compte set signed_in_at = clock_timestamp() where territoire = @territoire and id = @id
