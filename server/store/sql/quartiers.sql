select territoire, code, nom, nom_court, geom
from quartier
where territoire = @territoire
order by code collate "C"
