-- The newest decision about each action.
select distinct on (d.action) d.action, d.id, d.shown, d.said, d.titre, d.answer, d.digest, d.role, d.auteur, d.at
from suivi_decision d
where d.territoire = @territoire and (@action::uuid is null or d.action = @action)
order by d.action, d.at desc, d.id desc
