-- A used code goes on saying whose second device it was.
delete from participant_link where used_by is null and expires_at < clock_timestamp()
