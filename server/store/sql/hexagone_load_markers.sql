-- All that counts, but for footprints (hexagone_load_cells): gathering them in a
-- join takes more than half of the time. The order of columns is that of the
-- hand-written decoder.
select m.id, m.atelier, m.participant, m.quartier, m.felt, m.cell, m.themes, a.starts_at
from marker m
join atelier a on a.territoire = m.territoire and a.id = m.atelier
where m.territoire = @territoire and not m.deleted and not m.hidden
