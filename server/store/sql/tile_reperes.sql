-- Buildings are a few units wide at zoom 12; below it there are none. See
-- tile_quartiers for the boxes.
with box as (
    select ST_TileEnvelope(@z::int, @x::int, @y::int) as tile,
           ST_Transform(ST_TileEnvelope(@z::int, @x::int, @y::int, margin => 64.0 / 4096), 4326) as around
),
q as materialized (
    select t.id as repere, t.nom, t.type_bien,
           ST_AsMVTGeom(ST_Transform(t.geom, 3857), box.tile, 4096, 64, true) as geom
    from repere t, box
    where t.territoire = @territoire and t.geom && box.around and @z::int >= 12
    order by t.id
)
select ST_AsMVT(q, 'reperes', 4096, 'geom') as tile from q where geom is not null
