-- The hour is enough to tell a link that is used from one that is not, and
-- costs one write an hour.
with used as (
    update organisation_link set used_at = clock_timestamp()
    where digest = @digest and revoked_at is null and expires_at > clock_timestamp()
      and (used_at is null or used_at < clock_timestamp() - interval '1 hour')
)
select l.territoire, l.id, l.organisation, l.reminder, l.created_at, l.created_by, l.expires_at, l.revoked_at, l.used_at
from organisation_link l
join organisation o on o.territoire = l.territoire and o.id = l.organisation
where l.digest = @digest and l.revoked_at is null and l.expires_at > clock_timestamp() and not o.archived
