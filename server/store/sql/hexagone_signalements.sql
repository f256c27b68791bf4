-- What changed since a horizon.
select s.id, s.version::text::bigint as version, coalesce(s.quartier, '') as quartier, s.cell, s.theme,
       coalesce(s.reporter, '00000000-0000-0000-0000-000000000000') as reporter,
       s.occurred_from, s.occurred_to, s.origin, s.hidden as gone
from signalement s
where s.territoire = @territoire
  and s.version >= (@since::bigint)::text::xid8
