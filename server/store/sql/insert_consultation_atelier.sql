insert into journal.consultation (territoire, compte, nom, role, objet, finalite, elements, details)
select a.territoire, @compte, @nom, @role, @objet, @finalite, @elements, jsonb_build_object('atelier', a.id, 'quartier', a.quartier)
from atelier a
where a.territoire = @territoire and a.id = @atelier
  and not exists (select 1 from journal.consultation c
                   where c.territoire = a.territoire and c.at > clock_timestamp() - interval '30 minutes'
                     and c.objet = @objet and c.details ->> 'atelier' = a.id::text
                     and c.nom = @nom and c.compte is not distinct from @compte)
