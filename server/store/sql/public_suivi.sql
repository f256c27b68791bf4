-- Identifiers say nothing and are not shown; they only break ties.
select quartier, said, titre, answer, code, state, pilote, echeance, done_on, atelier_on, changed_on, demo
from publication.suivi
where territoire = @territoire and (@quartier::text is null or quartier = @quartier)
order by quartier, changed_on desc, titre, said, id
