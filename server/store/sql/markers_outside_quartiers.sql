select count(*)::int as markers
from marker m
where m.territoire = @territoire
  and not exists (select from quartier q where q.territoire = m.territoire and ST_DWithin(q.geom, m.anchor, 1e-9))
