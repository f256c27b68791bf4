-- What is longer than a period is kept with its beginning.
select coalesce(s.quartier, '') as quartier, s.cell, s.theme,
       coalesce(s.reporter, '00000000-0000-0000-0000-000000000000') as reporter,
       s.occurred_from, s.occurred_to
from signalement s
where s.territoire = @territoire
  and s.quartier = any (@quartiers::text[])
  and not s.hidden
order by s.occurred_from, s.id
