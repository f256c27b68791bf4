delete from purge where territoire = @territoire and at < @before
