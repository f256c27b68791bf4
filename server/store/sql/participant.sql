select id, numero, rang
from participant
where territoire = @territoire and atelier = @atelier and id = @id
