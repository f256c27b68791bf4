-- The ateliers of an edition, locked against whoever hides a marker meanwhile.
select a.id, a.quartier, a.state, (a.starts_at at time zone t.fuseau)::date as day, a.demo
from atelier a join territoire t on t.territoire = a.territoire
where a.territoire = @territoire and a.id = any (@ateliers)
order by a.id
for update of a
