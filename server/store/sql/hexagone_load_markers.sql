-- All that counts. Footprints are gathered in one pass over their primary key.
-- The order of columns is that of the hand-written decoder.
select m.id, m.atelier, m.participant, m.quartier, m.felt, m.cell, f.cells, m.themes, a.starts_at
from marker m
join atelier a on a.territoire = m.territoire and a.id = m.atelier
left join (select atelier, marker, array_agg(cell) as cells from marker_cell
           where territoire = @territoire group by atelier, marker) f
  on f.atelier = m.atelier and f.marker = m.id
where m.territoire = @territoire and not m.deleted and not m.hidden
