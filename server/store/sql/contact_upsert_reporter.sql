-- The same signalement sent again changes nothing.
insert into contact.reporter (territoire, id, signalement, nom, email, adresse)
values (@territoire, @id, @signalement, @nom, @email, @adresse)
on conflict (territoire, signalement) do nothing
