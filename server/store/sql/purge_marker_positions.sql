-- The footprint stays: it is made of cells at resolution 11 already.
update marker m set geom = c.centre, anchor = c.centre, coarse = true
from unnest(@ateliers::uuid[], @ids::uuid[], @centres::geometry[]) as c (atelier, id, centre)
where m.territoire = @territoire and m.atelier = c.atelier and m.id = c.id
