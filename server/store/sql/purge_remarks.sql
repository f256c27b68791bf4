-- What tables said is free text through and through, and goes with what was
-- decided about it; what the animateur made of it (finding) stays.
with past as materialized (
    select o.territoire, o.atelier, o.id
    from remark o join atelier a on a.territoire = o.territoire and a.id = o.atelier
    where o.territoire = @territoire and a.closes_at < @text
    order by o.atelier, o.id
    limit @limit
    for no key update of o skip locked
),
decided as (
    delete from moderation d using past p where d.territoire = p.territoire and d.objet_id = p.id
)
delete from remark r using past p
where r.territoire = p.territoire and r.atelier = p.atelier and r.id = p.id
