insert into compte (territoire, email, nom, role, password, demo)
values (@territoire, @email, @nom, @role, @password, true)
on conflict (territoire, email) do update set
    password = excluded.password, nom = excluded.nom, disabled_at = null, totp = null, totp_at = null
 where compte.demo
