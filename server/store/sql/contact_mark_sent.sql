update contact.invitation set sent_at = coalesce(sent_at, clock_timestamp())
where territoire = @territoire and atelier = @atelier and id = @id
