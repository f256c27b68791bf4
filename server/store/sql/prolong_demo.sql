update atelier set closes_at = @until
where territoire = @territoire and demo and state = 'open' and closes_at < @before
