update compte set organisation = @organisation where territoire = @territoire and id = @id
