-- Residents' texts with the decision that holds for each, oldest first. A text
-- changed since its decision is held again. @state is held, published, redacted,
-- withheld or hidden; (@after_at, @after_key) is the last one of the page before.
with texts as materialized (
    select 'marker' as objet, m.id as objet_id, m.atelier, 'note' as champ, m.note as texte, m.quartier, m.felt as felt,
           m.themes, m.updated_at as at, m.hidden, false as demo
    from marker m
    where m.territoire = @territoire and not m.deleted and (m.note is not null or @state = 'hidden' and m.hidden)
    union all
    select 'signalement', s.id, null, c.champ, c.texte, coalesce(s.quartier, ''), '', array[s.theme], s.received_at, s.hidden, s.demo
    from signalement s
    cross join lateral (values ('note', s.note), ('subtheme', case when s.origin = 'habitant' then s.subtheme end)) c (champ, texte)
    where s.territoire = @territoire
      and (c.texte is not null or @state = 'hidden' and s.hidden and c.champ = 'note')
      and (s.note is not null or s.subtheme is not null or s.hidden)
),
judged as (
    select t.objet, t.objet_id, t.atelier, case when t.texte is null then '' else t.champ end as champ,
           coalesce(t.texte, '') as texte, t.quartier, t.felt, t.themes, t.at, t.hidden, t.demo,
           coalesce(d.texte, '') as shown, coalesce(d.reason, '') as reason,
           case when t.texte is null then '' when d.action = 'publish' then 'published' when d.action = 'redact' then 'redacted'
                when d.action = 'withhold' then 'withheld' else 'held' end as state,
           t.objet_id::text || t.champ as key
    from texts t
    left join lateral (
        select m.action, m.texte, m.reason, m.digest from moderation m
        where m.territoire = @territoire and m.objet_id = t.objet_id and m.champ = t.champ
        order by m.at desc, m.id desc limit 1
    ) d on d.digest = sha256(convert_to(t.texte, 'UTF8'))
)
select objet, objet_id, coalesce(atelier, '00000000-0000-0000-0000-000000000000') as atelier, champ, texte, quartier, felt,
       themes, at, hidden, demo, shown, reason, state, key
from judged
where (case when @state = 'hidden' then hidden else state = @state and not hidden end)
  and (@quartier::text is null or quartier = @quartier)
  and (@after_at::timestamptz is null or (at, key) > (@after_at, @after_key::text))
order by at, key
limit @limit
