-- Archived ones last: past actions still name them.
select territoire, id, nom, kind, archived, demo, email
from organisation
where territoire = @territoire
order by archived, nom, id
