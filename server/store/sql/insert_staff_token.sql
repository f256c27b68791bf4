insert into staff_token (territoire, digest, role, label, demo, scopes, created_by, expires_at, organisation)
values (@territoire, @digest, @role, @label, @demo, @scopes, @created_by, @expires_at, @organisation)
returning id
