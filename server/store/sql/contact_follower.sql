select territoire, atelier, id, numero, code, email, confirm, confirmed_at from contact.follower where code = @code
