insert into organisation_link (territoire, id, organisation, digest, reminder, created_by, expires_at)
values (@territoire, @id, @organisation, @digest, @reminder, @created_by, @expires_at)
