with past as materialized (
    select s.territoire, s.id from signalement s
    where s.territoire = @territoire and s.received_at < @text
      and (s.note is not null or s.origin = 'habitant' and s.subtheme is not null)
    order by s.received_at, s.id
    limit @limit
    for no key update skip locked
),
decided as (
    update moderation d set texte = null from past p
    where d.territoire = p.territoire and d.objet_id = p.id and d.texte is not null
)
update signalement s set note = null, subtheme = case when s.origin = 'habitant' then null else s.subtheme end, digest = null
from past p
where s.territoire = p.territoire and s.id = p.id
