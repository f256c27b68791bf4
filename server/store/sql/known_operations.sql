select id, seq, digest, participant, body
from operation
where territoire = @territoire and atelier = @atelier and id = any (@ids::uuid[])
