-- Reporters of a quartier and period who agreed to be invited; what they
-- reported stays behind: not where, not what.
select r.id, r.nom, r.email <> '' as has_email, r.adresse <> '' as has_address, r.agreed_at,
       exists (select from contact.invitation i
                where i.territoire = r.territoire and i.reporter = r.id and i.atelier = @atelier::uuid) as invited
from contact.reporter r
join signalement s on s.territoire = r.territoire and s.id = r.signalement
where r.territoire = @territoire
  and s.quartier = @quartier
  and (@from::timestamptz is null or s.occurred_to >= @from)
  and (@to::timestamptz is null or s.occurred_from < @to)
order by r.agreed_at desc, r.id
limit 500
