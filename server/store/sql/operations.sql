select o.seq, o.id, o.kind, coalesce(o.marker, '00000000-0000-0000-0000-000000000000') as marker,
       coalesce(o.participant, '00000000-0000-0000-0000-000000000000') as author,
       coalesce(o.numero, 0)::int as numero, o.body, o.at
from operation o
where o.territoire = @territoire and o.atelier = @atelier and o.seq > @after
order by o.seq
limit @limit
