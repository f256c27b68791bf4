insert into effacement (territoire, id)
select @territoire, unnest(@ids::uuid[])
on conflict (territoire, id) do update set version = pg_current_xact_id(), at = clock_timestamp()
