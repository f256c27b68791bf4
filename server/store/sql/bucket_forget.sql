-- However empty, a bucket is full again long before.
delete from rate_bucket where updated_at < clock_timestamp() - interval '1 hour'
