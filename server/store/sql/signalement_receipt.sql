select s.id, s.quartier, s.geom, s.theme, coalesce(s.subtheme, '') as subtheme, coalesce(s.nature, '') as nature,
       s.occurred_from, s.occurred_to, coalesce(s.frequency, '') as frequency, coalesce(s.since, '') as since,
       coalesce(s.place, '') as place, coalesce(s.severity, 0)::int as severity, s.avoids, s.approached,
       coalesce(s.note, '') as note, s.hidden, s.coarse, s.received_at
from signalement s
where s.territoire = @territoire and s.receipt = @receipt
