-- A node that has not said anything for twenty seconds is taken to be gone.
select numero::int as numero, sum(devices)::int as devices
from presence
where territoire = @territoire and atelier = @atelier
  and seen_at > clock_timestamp() - interval '20 seconds'
group by numero
order by numero
