insert into atelier (territoire, id, quartier, kind, titre, lieu, starts_at, closes_at, demo, plan)
values (@territoire, @id, @quartier, @kind, @titre, @lieu, @starts_at, @closes_at, @demo, @plan::smallint[])
on conflict (territoire, id) do nothing
