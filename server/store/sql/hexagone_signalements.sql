-- What changed since a horizon; from 0, everything that counts.
select s.id, s.version::text::bigint as version, s.quartier, s.cell, s.theme, s.reporter,
       s.occurred_from, s.occurred_to, s.hidden as gone
from signalement s
where s.territoire = @territoire
  and s.version >= (@since::bigint)::text::xid8
  and (@since > 0 or not s.hidden)
