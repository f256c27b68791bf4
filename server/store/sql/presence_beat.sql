insert into presence (territoire, atelier, node, numeros, devices)
values (@territoire, @atelier, @node, @numeros, @devices)
on conflict (territoire, atelier, node) do update
    set numeros = excluded.numeros, devices = excluded.devices, seen_at = clock_timestamp()
