update atelier set seq = @seq where territoire = @territoire and id = @id
