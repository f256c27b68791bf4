-- The last purges, newest first.
select at, texts_past, texts_total, positions_past, positions_total, logs_past, logs_total, contacts_past, contacts_total, journal_past, journal_total
from purge
where territoire = @territoire
order by at desc, id
limit @limit
