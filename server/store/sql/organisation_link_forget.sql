delete from organisation_link where expires_at < clock_timestamp() - make_interval(months => @months, days => @days)
