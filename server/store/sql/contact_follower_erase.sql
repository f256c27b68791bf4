-- Answers go with their follower.
with told as (
    delete from notice where territoire = @territoire and recipient = @id
)
delete from contact.follower where territoire = @territoire and atelier = @atelier and id = @id
