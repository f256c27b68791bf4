delete from moderation where territoire = @territoire and objet_id = any (@ids::uuid[])
