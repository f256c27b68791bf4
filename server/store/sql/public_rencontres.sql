-- All announced evenings, in the order in which they begin.
select quartier, kind, titre, lieu, starts_at, closes_at, demo
from publication.rencontre
where territoire = @territoire
order by starts_at, id
