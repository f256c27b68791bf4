delete from voie where territoire = @territoire
