insert into organisation (territoire, id, nom, kind, archived, demo)
values (@territoire, @id, @nom, @kind, @archived, @demo)
on conflict (territoire, id) do update set nom = excluded.nom, kind = excluded.kind, archived = excluded.archived
