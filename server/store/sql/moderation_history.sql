select id, objet, objet_id, champ, action, reason, coalesce(digest, '') as digest, coalesce(texte, '') as texte, role, auteur, at
from moderation
where territoire = @territoire and objet = @objet and objet_id = @objet_id
order by at, id
