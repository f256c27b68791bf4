-- Free texts with the decision that holds for each, oldest first: the newest one
-- about these very words, so that a text changed since is held again. @state is
-- held, published, redacted, withheld or hidden; @objets narrows; (@after_at,
-- @after_key) is the last one of the page before.
with texts as materialized (
    select objet, objet_id, atelier, champ, texte, quartier, felt, themes, at, hidden, demo
    from texte_libre
    where territoire = @territoire
    union all
    select 'marker', m.id, m.atelier, '', null, m.quartier, m.felt, m.themes, m.updated_at, true, false
    from marker m
    where m.territoire = @territoire and @state = 'hidden' and m.hidden and not m.deleted and m.note is null
    union all
    select 'signalement', s.id, null, '', null, coalesce(s.quartier, ''), '', array[s.theme], s.received_at, true, s.demo
    from signalement s
    where s.territoire = @territoire and @state = 'hidden' and s.hidden and s.note is null and (s.subtheme is null or s.origin <> 'habitant')
),
judged as (
    select t.objet, t.objet_id, t.atelier, t.champ,
           coalesce(t.texte, '') as texte, t.quartier, t.felt, t.themes, t.at, t.hidden, t.demo,
           case when d.action = 'publish' then t.texte else coalesce(d.texte, '') end as shown, coalesce(d.reason, '') as reason,
           case when t.texte is null then '' when d.action = 'publish' then 'published' when d.action = 'redact' then 'redacted'
                when d.action = 'withhold' then 'withheld' else 'held' end as state,
           t.objet_id::text || t.champ as key
    from texts t
    left join lateral (
        select m.action, m.texte, m.reason from moderation m
        where m.territoire = @territoire and m.objet_id = t.objet_id and m.champ = t.champ
          and m.digest = sha256(convert_to(t.texte, 'UTF8'))
        order by m.at desc, m.id desc limit 1
    ) d on true
)
select objet, objet_id, coalesce(atelier, '00000000-0000-0000-0000-000000000000') as atelier, champ, texte, quartier, felt,
       themes, at, hidden, demo, shown, reason, state, key
from judged
where (case when @state = 'hidden' then hidden else state = @state and not hidden end)
  and (@quartier::text is null or quartier = @quartier)
  and (@objets::text[] is null or objet = any (@objets))
  and (@after_at::timestamptz is null or (at, key) > (@after_at, @after_key::text))
order by at, key
limit @limit
