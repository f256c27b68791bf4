select territoire, atelier, id, numero, code, email, confirm, confirmed_at from contact.follower
where territoire = @territoire and atelier = @atelier and id = @id
