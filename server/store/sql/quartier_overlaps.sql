-- Two drawings of one border differ a little: a shared area that is on average
-- at most 1 m wide (area over half its perimeter; five decimals of a degree are
-- 1.1 m) and not larger than one hexagon of the stored resolution (2 070 m²) is
-- such a sliver, and the order of the codes decides there as on any border.
with pair as (
    select a.code as first, b.code as second, ST_CollectionExtract(ST_Intersection(a.geom, b.geom), 3) as shared
    from quartier a
    join quartier b on b.territoire = a.territoire and b.code collate "C" > a.code collate "C"
                   and ST_Intersects(a.geom, b.geom) and not ST_Touches(a.geom, b.geom)
    where a.territoire = @territoire
),
measured as (
    select first, second, shared,
           ST_Area(shared::geography) as square_metres,
           ST_Perimeter(shared::geography) / 2 as half_perimeter
    from pair
    where not ST_IsEmpty(shared)
)
select first, second, square_metres, ST_PointOnSurface(shared) as at
from measured
where square_metres > half_perimeter or square_metres > 2070
order by square_metres desc, first collate "C", second collate "C"
