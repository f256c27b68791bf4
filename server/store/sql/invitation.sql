select i.territoire, i.kind, i.expires_at, coalesce(c.id, '00000000-0000-0000-0000-000000000000') as compte,
       coalesce(c.email, '') as email, coalesce(c.nom, '') as nom, coalesce(c.role, 'admin') as role
  from invitation i left join compte c on c.territoire = i.territoire and c.id = i.compte
 where i.digest = @digest and i.used_at is null and i.expires_at > clock_timestamp() and c.disabled_at is null
