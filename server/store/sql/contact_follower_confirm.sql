-- Once confirmed, the same link says so again.
update contact.follower set confirmed_at = coalesce(confirmed_at, clock_timestamp())
where territoire = @territoire and atelier = @atelier and id = @id and email <> '' and confirm = @confirm and confirm <> ''
