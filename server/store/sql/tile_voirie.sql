-- Below zoom 12 only the roads of the State and of the department can be told
-- apart. See tile_quartiers for the boxes.
with box as (
    select ST_TileEnvelope(@z::int, @x::int, @y::int) as tile,
           ST_Transform(ST_TileEnvelope(@z::int, @x::int, @y::int, margin => 64.0 / 4096), 4326) as around,
           360.0 / (2.0 ^ @z::int) / 4096 as unit
),
q as materialized (
    select t.id, t.nom, t.domanialite,
           ST_AsMVTGeom(ST_Transform(ST_Simplify(t.geom, box.unit, true), 3857), box.tile, 4096, 64, true) as geom
    from voirie t, box
    where t.territoire = @territoire and t.geom && box.around
      and (@z::int >= 12 or t.domanialite in ('AUT', 'NAT', 'DEP'))
    order by t.id
)
select ST_AsMVT(q, 'voirie', 4096, 'geom', 'id') as tile from q where geom is not null
