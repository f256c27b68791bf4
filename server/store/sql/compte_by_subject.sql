select territoire, id, email, nom, role, coalesce(password, '') as password, demo, disabled_at is not null as disabled,
       totp_at is not null as second_factor, created_at, signed_in_at
  from compte where oidc_subject = @subject and oidc_issuer = @issuer
 order by territoire limit 1
