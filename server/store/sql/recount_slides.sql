-- In one order, so that two decisions at once do not wait for each other.
with open as (
    select r.territoire, r.atelier
    from restitution r
    join atelier a on a.territoire = r.territoire and a.id = r.atelier
    where r.territoire = @territoire and a.state <> 'closed'
    order by r.atelier
    for update of r
)
update restitution r set recounted = r.recounted + 1
from open
where r.territoire = open.territoire and r.atelier = open.atelier
