select geom from voirie where territoire = @territoire order by id
