update compte set password = @password where territoire = @territoire and id = @id
