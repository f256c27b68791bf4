-- Words of the city that nobody, nor the service, has decided about.
select t.objet, t.objet_id, t.champ, t.texte
from texte_libre t
where t.territoire = @territoire and t.objet in ('finding', 'action', 'atelier', 'organisation')
  and not exists (
      select from moderation m
      where m.territoire = t.territoire and m.objet_id = t.objet_id and m.champ = t.champ
        and m.digest = sha256(convert_to(t.texte, 'UTF8')))
order by t.at, t.objet_id, t.champ
