-- The named street nearest to each position, within 300 m, as its place in words.
select n.i::int as i, v.nom
from unnest(@lons::float8[], @lats::float8[]) with ordinality as n(lon, lat, i),
     lateral (select st_setsrid(st_makepoint(n.lon, n.lat), 4326) as at) p,
     lateral (
         select s.nom
         from voirie s
         where s.territoire = @territoire and s.nom is not null
           and s.geom && st_expand(p.at, 0.006)
           and st_dwithin(s.geom::geography, p.at::geography, 300)
         order by s.geom <-> p.at, s.id
         limit 1) v
