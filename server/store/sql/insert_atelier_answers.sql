insert into atelier_answers (territoire, atelier, texte, hash)
values (@territoire, @atelier, @texte, @hash)
