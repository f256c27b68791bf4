select t.territoire, t.nom, t.fuseau, t.emprise, t.demo,
       (select count(*) from quartier q where q.territoire = t.territoire)::int as quartiers
from territoire t
order by t.created_at, t.territoire collate "C"
