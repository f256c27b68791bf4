insert into quartier (territoire, code, nom, nom_court, geom)
values (@territoire, @code, @nom, @nom_court, @geom)
on conflict (territoire, code) do update
    set nom = excluded.nom, nom_court = excluded.nom_court, geom = excluded.geom
