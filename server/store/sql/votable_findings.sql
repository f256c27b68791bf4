select f.id
from finding f
where f.territoire = @territoire and f.atelier = @atelier and not f.withdrawn
order by f.rang, f.id
