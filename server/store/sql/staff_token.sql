select territoire, id, role, label, scopes, demo from staff_token
 where digest = @digest and revoked_at is null and (expires_at is null or expires_at > clock_timestamp())
