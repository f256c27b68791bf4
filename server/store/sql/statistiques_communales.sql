select s.indicateur, s.unite, s.annee::int as annee, s.diffuse, s.nombre, s.taux, s.population, s.population_annee::int as population_annee,
       i.source, i.at as imported_at
from statistique_communale s
join statistique_import i on i.territoire = s.territoire and i.id = s.import
where s.territoire = @territoire
order by s.indicateur, s.unite, s.annee
