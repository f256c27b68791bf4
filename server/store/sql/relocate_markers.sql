update marker m set quartier = f.code, version = pg_current_xact_id()
from (select territoire, atelier, id,
             (select q.code from quartier q
               where q.territoire = n.territoire and ST_DWithin(q.geom, n.anchor, 1e-9)
               order by q.code collate "C" limit 1) as code
        from marker n where n.territoire = @territoire) f
where (m.territoire, m.atelier, m.id) = (f.territoire, f.atelier, f.id)
  and m.quartier <> f.code
