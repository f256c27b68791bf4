-- The signalements of a place, newest first. The place is some ranges of cells
-- at resolution 11.
select s.id, s.quartier, s.geom, s.cell, s.theme, coalesce(s.subtheme, '') as subtheme, coalesce(s.nature, '') as nature,
       s.occurred_from, s.occurred_to, coalesce(s.frequency, '') as frequency, coalesce(s.since, '') as since,
       coalesce(s.place, '') as place, coalesce(s.severity, 0)::int as severity, s.avoids, s.approached,
       s.note is not null as has_note,
       coalesce(n.texte, '') as moderated_note, coalesce(t.texte, '') as moderated_subtheme, s.origin, s.demo, s.received_at, ''::bytea as digest
from signalement s
join unnest(@firsts::bigint[], @lasts::bigint[]) as p(first, last) on s.cell between p.first and p.last
-- What may be read of the free texts, as in signalements.sql.
left join lateral (
    select m.texte, m.digest from moderation m
    where m.territoire = @territoire and m.objet_id = s.id and m.champ = 'note'
    order by m.at desc, m.id desc limit 1
) n on n.digest = sha256(convert_to(s.note, 'UTF8'))
left join lateral (
    select m.texte, m.digest from moderation m
    where m.territoire = @territoire and m.objet_id = s.id and m.champ = 'subtheme'
    order by m.at desc, m.id desc limit 1
) t on t.digest = sha256(convert_to(s.subtheme, 'UTF8'))
where s.territoire = @territoire and not s.hidden
  and (@themes::text[] is null or s.theme = any (@themes))
  and (@origin = '' or s.origin = @origin)
  and (@from::timestamptz is null or s.occurred_from >= @from)
  and (@to::timestamptz is null or s.occurred_from < @to)
order by s.occurred_from desc, s.id desc
limit @limit
