delete from effacement where at < clock_timestamp() - make_interval(months => @months, days => @days)
