update signalement s set quartier = f.code, version = pg_current_xact_id()
from (select territoire, id,
             (select q.code from quartier q
               where q.territoire = n.territoire and ST_DWithin(q.geom, n.geom, 1e-9)
               order by q.code collate "C" limit 1) as code
        from signalement n where n.territoire = @territoire) f
where (s.territoire, s.id) = (f.territoire, f.id)
  and s.quartier is distinct from f.code
