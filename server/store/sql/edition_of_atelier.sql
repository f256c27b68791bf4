-- The edition that counts an atelier.
select p.territoire, p.quartier, p.numero, p.canonical, coalesce(p.hash, '') as hash, p.demo, p.published_on, p.withdrawn_on
from edition_atelier e
join publication.edition p on p.territoire = e.territoire and p.quartier = e.quartier and p.numero = e.numero
where e.territoire = @territoire and e.atelier = @atelier
