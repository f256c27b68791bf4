-- A newer edition of the source corrects the figures of an older one.
insert into statistique_communale (territoire, indicateur, unite, annee, diffuse, nombre, taux, population, population_annee, import)
select @territoire, r.*, @import
from unnest(@indicateurs::text[], @unites::text[], @annees::smallint[], @diffuses::boolean[], @nombres::integer[], @taux::double precision[],
            @populations::integer[], @population_annees::smallint[]) as r
on conflict (territoire, indicateur, unite, annee) do update
set diffuse = excluded.diffuse, nombre = excluded.nombre, taux = excluded.taux, population = excluded.population,
    population_annee = excluded.population_annee, import = excluded.import
