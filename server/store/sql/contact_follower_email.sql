update contact.follower set email = @email, confirm = @confirm, confirmed_at = null,
    email_at = case when @email = '' then null else clock_timestamp() end
where territoire = @territoire and atelier = @atelier and id = @id
