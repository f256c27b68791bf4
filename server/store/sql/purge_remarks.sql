-- What tables said is free text through and through; what the animateur made of
-- it (finding) stays.
delete from remark r
using (
    select o.territoire, o.atelier, o.id
    from remark o join atelier a on a.territoire = o.territoire and a.id = o.atelier
    where o.territoire = @territoire and a.closes_at < @text
    order by o.atelier, o.id
    limit @limit
    for no key update of o skip locked
) past
where r.territoire = past.territoire and r.atelier = past.atelier and r.id = past.id
