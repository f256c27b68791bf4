-- A batch in one statement: columns are arrays, seconds are Unix time.
insert into signalement (territoire, id, quartier, geom, cell, theme, subtheme, occurred_from, occurred_to,
                         origin, external_id, import)
select @territoire, u.id, nullif(u.quartier, ''), ST_SetSRID(ST_MakePoint(u.lon, u.lat), 4326), u.cell,
       u.theme, nullif(u.subtheme, ''), to_timestamp(u.occurred_from), to_timestamp(u.occurred_to),
       u.origin, u.external_id, @import
from unnest(@ids::uuid[], @quartiers::text[], @lons::float8[], @lats::float8[], @cells::bigint[], @themes::text[],
            @subthemes::text[], @froms::bigint[], @tos::bigint[], @origins::text[], @externals::text[])
     as u(id, quartier, lon, lat, cell, theme, subtheme, occurred_from, occurred_to, origin, external_id)
on conflict do nothing
