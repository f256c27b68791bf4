insert into moderation (territoire, id, objet, objet_id, champ, action, reason, digest, texte, role, auteur)
values (@territoire, @id, @objet, @objet_id, @champ, @action, @reason, @digest, nullif(@texte, ''), @role, @auteur)
on conflict (territoire, id) do nothing
