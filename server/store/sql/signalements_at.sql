-- The signalements of a place, newest first. The place is some ranges of cells
-- at resolution 11.
select s.id, s.quartier, s.geom, s.cell, s.theme, coalesce(s.subtheme, '') as subtheme, coalesce(s.nature, '') as nature,
       s.occurred_from, s.occurred_to, coalesce(s.frequency, '') as frequency, coalesce(s.since, '') as since,
       coalesce(s.place, '') as place, coalesce(s.severity, 0)::int as severity, s.avoids, s.approached,
       s.note is not null as has_note, s.origin, s.demo, s.received_at, ''::bytea as digest
from signalement s
join unnest(@firsts::bigint[], @lasts::bigint[]) as p(first, last) on s.cell between p.first and p.last
where s.territoire = @territoire and not s.hidden
  and (@themes::text[] is null or s.theme = any (@themes))
  and (@from::timestamptz is null or s.occurred_from >= @from)
  and (@to::timestamptz is null or s.occurred_from < @to)
order by s.occurred_from desc, s.id desc
limit @limit
