insert into compte (territoire, email, nom, role, password, demo, organisation)
select @territoire, lower(@email), @nom, @role, nullif(@password, ''), @demo, @organisation
 where not exists (select from compte where email = lower(@email))
returning territoire, id, email, nom, role, coalesce(password, '') as password, demo, disabled_at is not null as disabled,
       totp_at is not null as second_factor, created_at, signed_in_at,
       coalesce(organisation, '00000000-0000-0000-0000-000000000000') as organisation,
       coalesce((select o.nom from organisation o where o.territoire = compte.territoire and o.id = compte.organisation), '') as organisation_nom
