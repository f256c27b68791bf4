-- Ateliers whose log still says who drew what where, past the retention.
select a.id
from atelier a
where a.territoire = @territoire and a.closes_at < @position
  and exists (select 1 from operation o where o.territoire = a.territoire and o.atelier = a.id
               and o.kind not in ('step', 'step_close', 'table_open', 'table_close', 'share', 'freeze', 'findings', 'erase', 'forgotten'))
order by a.closes_at, a.id
limit 1
for no key update of a skip locked
