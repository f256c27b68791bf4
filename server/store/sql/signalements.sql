-- Newest first; (@before_at, @before_id) is the last one of the page before.
select s.id, quartier, geom, cell, theme, coalesce(subtheme, '') as subtheme, coalesce(nature, '') as nature,
       occurred_from, occurred_to, coalesce(frequency, '') as frequency, coalesce(since, '') as since,
       coalesce(place, '') as place, coalesce(severity, 0)::int as severity, avoids, approached,
       note is not null as has_note,
       coalesce(n.texte, '') as moderated_note, coalesce(t.texte, '') as moderated_subtheme, origin, demo, received_at, ''::bytea as digest
from signalement s
-- What may be read of the free texts: the decision about the very text.
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
where s.territoire = @territoire
  and not hidden
  and (@before_at::timestamptz is null or (received_at, s.id) < (@before_at, @before_id::uuid))
  and (@quartier::text is null or quartier = @quartier)
  and (@themes::text[] is null or theme = any (@themes))
  and (@from::timestamptz is null or occurred_from >= @from)
  and (@to::timestamptz is null or occurred_from < @to)
  and (@box::geometry is null or geom && @box)
order by received_at desc, s.id desc
limit @limit
