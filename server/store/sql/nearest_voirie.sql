-- The named street nearest to a position, within 300 m.
select nom from voirie
where territoire = @territoire and nom is not null
  and st_dwithin(geom::geography, (@at::geometry)::geography, 300)
  and geom && st_expand(@at::geometry, 0.006)
order by geom <-> @at::geometry
limit 1
