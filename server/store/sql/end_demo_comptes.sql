update compte set disabled_at = clock_timestamp() where demo and disabled_at is null
