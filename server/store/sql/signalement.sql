select id, quartier, geom, cell, theme, coalesce(subtheme, '') as subtheme, coalesce(nature, '') as nature,
       occurred_from, occurred_to, coalesce(frequency, '') as frequency, coalesce(since, '') as since,
       coalesce(place, '') as place, coalesce(severity, 0)::int as severity, avoids, approached,
       note is not null as has_note, '' as moderated_note, '' as moderated_subtheme, origin, demo, received_at, coalesce(digest, '') as digest
from signalement
where territoire = @territoire and id = @id
