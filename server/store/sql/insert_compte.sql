insert into compte (territoire, email, nom, role, password, demo)
select @territoire, lower(@email), @nom, @role, nullif(@password, ''), @demo
 where not exists (select from compte where email = lower(@email))
returning territoire, id, email, nom, role, coalesce(password, '') as password, demo, disabled_at is not null as disabled,
       totp_at is not null as second_factor, created_at, signed_in_at
