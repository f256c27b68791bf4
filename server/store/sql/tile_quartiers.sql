-- Rows are looked for in the tile with its buffer and cut at the same place;
-- what is smaller than one unit of the tile (1/4096 of its side) is smoothed.
with box as (
    select ST_TileEnvelope(@z::int, @x::int, @y::int) as tile,
           ST_Transform(ST_TileEnvelope(@z::int, @x::int, @y::int, margin => 64.0 / 4096), 4326) as around,
           360.0 / (2.0 ^ @z::int) / 4096 as unit
),
q as materialized (
    select t.code, t.nom, t.nom_court,
           ST_AsMVTGeom(ST_Transform(ST_SimplifyPreserveTopology(t.geom, box.unit), 3857), box.tile, 4096, 64, true) as geom
    from quartier t, box
    where t.territoire = @territoire and t.geom && box.around
    order by t.code collate "C"
)
select ST_AsMVT(q, 'quartiers', 4096, 'geom') as tile from q where geom is not null
