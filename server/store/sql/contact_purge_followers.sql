-- Whose retention has passed, whole; of the others, addresses that nobody has
-- confirmed within a week.
with gone as (
    delete from contact.follower where territoire = @territoire and created_at < @before
    returning id
), told as (
    delete from notice n using gone g where n.territoire = @territoire and n.recipient = g.id
)
update contact.follower set email = '', confirm = '', email_at = null
where territoire = @territoire and created_at >= @before and confirmed_at is null and email <> '' and email_at < @unconfirmed
