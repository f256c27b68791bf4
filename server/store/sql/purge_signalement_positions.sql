update signalement s set geom = c.centre, coarse = true, digest = null
from unnest(@ids::uuid[], @centres::geometry[]) as c (id, centre)
where s.territoire = @territoire and s.id = c.id
