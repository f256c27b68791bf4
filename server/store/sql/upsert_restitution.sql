insert into restitution as r (territoire, atelier, version)
values (@territoire, @atelier, @base::integer + 1)
on conflict (territoire, atelier) do update set version = excluded.version, shown = 0
where r.version = @base::integer
