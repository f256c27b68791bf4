insert into population (territoire, quartier, annee, habitants, source)
values (@territoire, @quartier, @annee, @habitants, @source)
on conflict (territoire, quartier, annee) do update
    set habitants = excluded.habitants, source = excluded.source, imported_at = now()
    where population.habitants <> excluded.habitants or population.source <> excluded.source
