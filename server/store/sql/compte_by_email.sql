select territoire, id, email, nom, role, coalesce(password, '') as password, demo, disabled_at is not null as disabled,
       totp_at is not null as second_factor, created_at, signed_in_at,
       coalesce(organisation, '00000000-0000-0000-0000-000000000000') as organisation,
       coalesce((select o.nom from organisation o where o.territoire = compte.territoire and o.id = compte.organisation), '') as organisation_nom
  from compte where email = lower(@email)
 order by territoire limit 1
