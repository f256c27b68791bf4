insert into edition_brouillon (territoire, id, quartier, ateliers)
values (@territoire, @id, @quartier, @ateliers)
on conflict (territoire, id) do nothing
