-- What was decided about texts of some objects: of each wording, the newest.
select distinct on (objet_id, champ, digest) objet_id, champ, digest, action, coalesce(texte, '') as texte
from moderation
where territoire = @territoire and objet_id = any (@ids::uuid[]) and champ <> ''
order by objet_id, champ, digest, at desc, id desc
