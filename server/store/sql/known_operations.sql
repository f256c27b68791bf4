-- One look at the index of identifiers each; the order leaves no other index. Behind
-- a select the length of the array says nothing to the planner, which else would
-- plan anew each time.
select o.id, o.seq, o.digest, o.participant, o.body
from unnest((select @ids::uuid[])) as asked (id)
cross join lateral (
    select * from operation
    where territoire = @territoire and (atelier, id) >= (@atelier::uuid, asked.id)
    order by atelier, id
    limit 1) o
where o.atelier = @atelier and o.id = asked.id
