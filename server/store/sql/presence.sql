-- A node that has not said anything for twenty seconds is taken to be gone. A
-- device is counted once at a table, however many of its tabs read there.
select d.numero::int as numero, count(distinct d.device)::int as devices
from presence p, unnest(p.numeros, p.devices) as d(numero, device)
where p.territoire = @territoire and p.atelier = @atelier
  and p.seen_at > clock_timestamp() - interval '20 seconds'
group by d.numero
order by d.numero
