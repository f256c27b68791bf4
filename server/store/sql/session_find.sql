select s.data from session s join compte c on c.territoire = s.territoire and c.id = s.compte
 where s.digest = @digest and s.expires_at > clock_timestamp() and c.disabled_at is null
