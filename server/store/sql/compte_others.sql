-- Administrators who could still sign in without this one.
select count(*)::int as n from compte
 where territoire = @territoire and role = 'admin' and disabled_at is null and not demo and id <> @id
