-- The signalements of a place, newest first. The place is some ranges of cells
-- at resolution 11. One that may have happened in one of the hours of the week is
-- kept: from a week on it may at any hour, of what spans more than a year none is
-- known.
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
  and (@quartier = '' or s.quartier = @quartier)
  and (@origins::text[] is null or s.origin = any (@origins))
  and (@from::timestamptz is null or s.occurred_from >= @from)
  and (@to::timestamptz is null or s.occurred_from < @to)
  and (@hours::int[] is null
       or s.occurred_to - s.occurred_from between interval '7 days' and interval '366 days'
       or s.occurred_to - s.occurred_from < interval '7 days' and exists (
           select from generate_series(date_trunc('hour', s.occurred_from, @zone), s.occurred_to, interval '1 hour') as hour(starts),
                       lateral (select starts at time zone @zone) as clock(local)
           where (starts < s.occurred_to or starts <= s.occurred_from)
             and (extract(isodow from local)::int - 1) * 24 + extract(hour from local)::int = any (@hours)))
order by s.occurred_from desc, s.id desc
limit @limit
