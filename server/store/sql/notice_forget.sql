-- No échéance is told of again after so long.
delete from notice where claimed_at < clock_timestamp() - make_interval(months => @months, days => @days)
