-- Ateliers past the retention whose log still says who drew what where, or of
-- which devices could still be tied to somebody.
select a.id
from atelier a
where a.territoire = @territoire and a.closes_at < @position
  and (exists (select 1 from operation o where o.territoire = a.territoire and o.atelier = a.id
               and o.kind not in ('step', 'step_close', 'table_open', 'table_close', 'share', 'freeze', 'findings', 'erase', 'forgotten'))
       or exists (select from participant_link l where l.territoire = a.territoire and l.atelier = a.id)
       or exists (select from late_operation l where l.territoire = a.territoire and l.atelier = a.id))
order by a.closes_at, a.id
limit 1
for no key update of a skip locked
