-- A node gets a new name each time it starts; the rows of the old one stay.
delete from presence where seen_at < clock_timestamp() - interval '1 hour'
