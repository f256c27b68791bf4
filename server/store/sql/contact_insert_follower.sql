insert into contact.follower (territoire, atelier, id, numero, code) values (@territoire, @atelier, @id, @numero, @code)
