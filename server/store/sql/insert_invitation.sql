insert into invitation (territoire, digest, kind, compte, created_by, expires_at)
values (@territoire, @digest, @kind, @compte, @created_by, @expires_at)
