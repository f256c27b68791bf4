insert into compte (territoire, email, nom, role, password, demo, organisation)
values (@territoire, @email, @nom, @role, @password, true, @organisation)
on conflict (territoire, email) do update set
    password = excluded.password, nom = excluded.nom, organisation = excluded.organisation, disabled_at = null, totp = null, totp_at = null
 where compte.demo
