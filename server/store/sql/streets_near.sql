-- The named street nearest to each position, as its place in words.
select n.i::int as i, v.nom
from unnest(@lons::float8[], @lats::float8[]) with ordinality as n(lon, lat, i),
     lateral (
         select s.nom
         from voirie s
         where s.territoire = @territoire and s.nom is not null
           and st_dwithin(s.geom, st_setsrid(st_makepoint(n.lon, n.lat), 4326), 0.01)
         order by s.geom <-> st_setsrid(st_makepoint(n.lon, n.lat), 4326), s.id
         limit 1) v
