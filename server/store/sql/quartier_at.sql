-- 1e-9 degree is a tenth of a millimetre: a point on a shared border is within
-- reach of both sides whatever the sign of the rounding error, and the byte
-- order of the codes then decides. geo.Locator computes the same.
select code
from quartier
where territoire = @territoire
  and ST_DWithin(geom, @position::geometry, 1e-9)
order by code collate "C"
limit 1
