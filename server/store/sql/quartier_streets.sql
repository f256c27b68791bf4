-- Streets inside one quartier, simplified to 3 m, as a drawing to find one's way on.
select st_multi(st_collectionextract(st_transform(st_simplify(st_transform(
           st_intersection(v.geom, q.geom), 2154), 3), 4326), 2)) as geom
from quartier q
join voirie v on v.territoire = q.territoire and st_intersects(v.geom, q.geom)
where q.territoire = @territoire
  and q.code = @quartier
order by v.id
