delete from invitation where expires_at < clock_timestamp() - interval '30 days'
