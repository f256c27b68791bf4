delete from session where expires_at < clock_timestamp()
