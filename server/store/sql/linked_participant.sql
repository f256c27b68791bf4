select p.id, p.numero, p.rang
from participant_link l
join participant p on p.territoire = l.territoire and p.atelier = l.atelier and p.id = l.participant
where l.territoire = @territoire and l.atelier = @atelier and l.used_by = @device
limit 1
