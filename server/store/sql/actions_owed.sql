select a.id as action, '' as titre, a.quartier, a.echeance, a.state, o.id as organisation, o.nom, o.email
from action a
join organisation o on o.territoire = a.territoire and o.id = a.pilote
where a.territoire = @territoire and a.echeance <= @until and a.state <> all (@settled::text[]) and o.email <> '' and not o.archived
order by o.nom, o.id, a.echeance, a.id
