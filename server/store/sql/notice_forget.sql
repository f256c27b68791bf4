-- No échéance is told of again after so long.
delete from notice where claimed_at < clock_timestamp() - interval '3 years'
