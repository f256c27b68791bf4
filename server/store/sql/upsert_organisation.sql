insert into organisation (territoire, id, nom, kind, archived, demo, email)
values (@territoire, @id, @nom, @kind, @archived, @demo, @email)
on conflict (territoire, id) do update
set nom = excluded.nom, kind = excluded.kind, archived = excluded.archived, email = excluded.email
