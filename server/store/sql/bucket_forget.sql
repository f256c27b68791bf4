delete from rate_bucket where updated_at < clock_timestamp() - @unused::interval
