select coalesce(numero, 0)::int as numero, count(*)::int as operations, count(distinct participant)::int as participants
from late_operation
where territoire = @territoire and atelier = @atelier
group by 1
order by 1
