insert into atelier (territoire, id, quartier, kind, titre, lieu, starts_at, closes_at, demo)
values (@territoire, @id, @quartier, @kind, @titre, @lieu, @starts_at, @closes_at, @demo)
on conflict (territoire, id) do nothing
