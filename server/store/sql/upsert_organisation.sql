-- Without an address, the one that is known stays.
insert into organisation (territoire, id, nom, kind, archived, demo, email)
values (@territoire, @id, @nom, @kind, @archived, @demo, coalesce(@email, ''))
on conflict (territoire, id) do update
set nom = excluded.nom, kind = excluded.kind, archived = excluded.archived, email = coalesce(@email, organisation.email)
