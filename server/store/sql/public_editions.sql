select territoire, quartier, numero, canonical, coalesce(hash, '') as hash, demo, published_on, withdrawn_on
from publication.edition
where territoire = @territoire
order by quartier, numero
