delete from organisation_link where expires_at < clock_timestamp() - interval '1 year'
