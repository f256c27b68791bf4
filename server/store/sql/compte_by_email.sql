select territoire, id, email, nom, role, coalesce(password, '') as password, demo, disabled_at is not null as disabled,
       totp_at is not null as second_factor, created_at, signed_in_at
  from compte where email = lower(@email)
 order by territoire limit 1
