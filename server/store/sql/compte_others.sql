-- Administrators who could still sign in without this one: who was invited and has not
-- come yet may never come.
select count(*)::int as n from compte
 where territoire = @territoire and role = 'admin' and disabled_at is null and not demo and id <> @id
   and (password is not null or oidc_subject is not null)
