-- Evenings that are not over, the next one first; then past ones, newest first.
select quartier, kind, titre, lieu, starts_at, closes_at, demo
from publication.rencontre
where territoire = @territoire
order by starts_at, id
