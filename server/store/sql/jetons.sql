select id, role, label, scopes, created_at, expires_at, used_at from staff_token
 where territoire = @territoire and revoked_at is null and not demo
 order by created_at desc, id
