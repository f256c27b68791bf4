delete from voirie where territoire = @territoire
