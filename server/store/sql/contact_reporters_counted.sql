select s.quartier, count(*)::int as n
from contact.reporter r
join signalement s on s.territoire = r.territoire and s.id = r.signalement
where r.territoire = @territoire
  and s.quartier is not null
  and s.occurred_to >= @from
  and s.occurred_from < @to
group by s.quartier
