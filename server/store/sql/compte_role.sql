update compte set role = @role where territoire = @territoire and id = @id
