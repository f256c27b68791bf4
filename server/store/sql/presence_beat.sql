insert into presence (territoire, atelier, node, numero, devices)
select @territoire, @atelier, @node, n, d
from unnest(@numeros::smallint[], @devices::int[]) as u(n, d)
on conflict (territoire, atelier, node, numero) do update
    set devices = excluded.devices, seen_at = clock_timestamp()
