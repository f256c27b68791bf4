insert into suivi_decision (territoire, action, id, shown, said, titre, answer, digest, role, auteur)
values (@territoire, @action, @id, @shown, @said, @titre, @answer, @digest, @role, @auteur)
on conflict (territoire, id) do nothing
