select territoire, id, role, label, scopes, demo, coalesce(organisation, '00000000-0000-0000-0000-000000000000') as organisation
  from staff_token
 where digest = @digest and revoked_at is null and (expires_at is null or expires_at > clock_timestamp())
