-- Fictional evenings that nobody has opened are put off by whole weeks, at the same
-- hour on the wall, until they are to come.
with passed as (
  select a.id, t.fuseau, make_interval(weeks => 1 + floor(extract(epoch from @now::timestamptz - a.starts_at) / 604800)::int) as later
  from atelier a join territoire t on t.territoire = a.territoire
  where a.territoire = @territoire and a.demo and a.state = 'prepared' and a.starts_at <= @now
)
update atelier a
set starts_at = ((a.starts_at at time zone p.fuseau) + p.later) at time zone p.fuseau,
    closes_at = ((a.closes_at at time zone p.fuseau) + p.later) at time zone p.fuseau
from passed p
where a.territoire = @territoire and a.id = p.id and a.state = 'prepared' and a.starts_at <= @now
