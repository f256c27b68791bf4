select e.numero, e.period_from, e.period_to, a.atelier, a.day
from edition e
left join edition_atelier a on a.territoire = e.territoire and a.quartier = e.quartier and a.numero = e.numero
where e.territoire = @territoire and e.quartier = @quartier
order by e.numero, a.atelier
