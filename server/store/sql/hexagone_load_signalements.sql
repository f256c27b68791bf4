-- All that counts in some blocks of the table. The order of columns is that of
-- the hand-written decoder.
select id, quartier, cell, theme, reporter, occurred_from, occurred_to, origin
from signalement
where territoire = @territoire and not hidden
  and ctid >= (@first::text)::tid and ctid < (@end::text)::tid
