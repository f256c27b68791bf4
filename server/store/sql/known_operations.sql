-- One look at the index of identifiers each; the order leaves no other index. Behind
-- a select the length of the array says nothing to the planner, which else would
-- plan anew each time.
select o.seq, o.id, o.kind, coalesce(o.marker, '00000000-0000-0000-0000-000000000000') as marker,
       coalesce(o.participant, '00000000-0000-0000-0000-000000000000') as author,
       coalesce(o.numero, 0)::int as numero, o.body, o.at, o.digest
from unnest((select @ids::uuid[])) as asked (id)
cross join lateral (
    select * from operation
    where territoire = @territoire and (atelier, id) >= (@atelier::uuid, asked.id)
    order by atelier, id
    limit 1) o
where o.atelier = @atelier and o.id = asked.id
