select atelier from edition_atelier where territoire = @territoire order by atelier
