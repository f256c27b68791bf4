-- Only of the account as it was when its person showed who they are: what has changed
-- since ends its sessions, and this one would come after. The account's row is written,
-- so that whoever changes it at the same moment comes before, and this is refused, or
-- after, and ends it.
with account as (
    update compte set signed_in_at = clock_timestamp()
     where territoire = @territoire and id = @compte and disabled_at is null and role = @role
       and coalesce(password, '') = @password and (totp_at is not null) = @second_factor
    returning territoire, id
)
insert into session (territoire, digest, compte, data, appareil, expires_at)
select territoire, @digest, id, @data, @appareil, @expires_at from account
