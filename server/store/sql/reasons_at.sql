-- Why residents feel so at a place: distinct people per reason. The place is
-- some ranges of cells at resolution 11.
select r.reason, count(distinct m.participant)::int as people
from marker m
cross join lateral unnest(m.reasons) as r(reason)
where m.territoire = @territoire and m.felt = @felt and not m.deleted and not m.hidden
  and m.atelier = any (@ateliers::uuid[])
  and exists (select 1 from marker_cell c
               join unnest(@firsts::bigint[], @lasts::bigint[]) as p(first, last) on c.cell between p.first and p.last
              where c.territoire = m.territoire and c.atelier = m.atelier and c.marker = m.id)
group by r.reason
order by people desc, r.reason
