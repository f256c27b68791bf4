-- Newest first; (@before_at, @before_id) is the last one of the page before.
select id, quartier, geom, cell, theme, coalesce(subtheme, '') as subtheme, coalesce(nature, '') as nature,
       occurred_from, occurred_to, coalesce(frequency, '') as frequency, coalesce(since, '') as since,
       coalesce(place, '') as place, coalesce(severity, 0)::int as severity, avoids, approached,
       note is not null as has_note, origin, demo, received_at, ''::bytea as digest
from signalement
where territoire = @territoire
  and not hidden
  and (@before_at::timestamptz is null or (received_at, id) < (@before_at, @before_id::uuid))
  and (@quartier::text is null or quartier = @quartier)
  and (@themes::text[] is null or theme = any (@themes))
  and (@from::timestamptz is null or occurred_from >= @from)
  and (@to::timestamptz is null or occurred_from < @to)
  and (@box::geometry is null or geom && @box)
order by received_at desc, id desc
limit @limit
