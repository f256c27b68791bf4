-- Notes past their retention leave the markers, the log and the decisions.
with past as materialized (
    select m.territoire, m.atelier, m.id
    from marker m join atelier a on a.territoire = m.territoire and a.id = m.atelier
    where m.territoire = @territoire and m.note is not null and a.closes_at < @text
    order by m.atelier, m.id
    limit @limit
    for no key update of m skip locked
),
decided as (
    update moderation d set texte = null from past p
    where d.territoire = p.territoire and d.objet_id = p.id and d.texte is not null
)
update marker m set note = null from past p
where m.territoire = p.territoire and m.atelier = p.atelier and m.id = p.id
