select quartier, annee::int as annee, habitants, source
from population
where territoire = @territoire
order by annee, quartier collate "C"
