select territoire, id, organisation, reminder, created_at, created_by, expires_at, revoked_at, used_at
from organisation_link
where territoire = @territoire and organisation = @organisation
order by created_at desc, id
limit 100
