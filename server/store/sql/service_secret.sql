-- The update without effect makes the row come back whoever made it.
insert into service_secret (name) values (@name)
on conflict (name) do update set name = excluded.name
returning value
