-- All that counts of some ateliers, with what was said beside the places. The
-- order is fixed, so that equal content gives an equal digest.
select m.atelier, m.participant, m.felt, m.themes, m.moments, m.days,
       coalesce((select array_agg(c.cell order by c.cell) from marker_cell c
                  where c.territoire = m.territoire and c.atelier = m.atelier and c.marker = m.id), array[m.cell]) as cells
from marker m
where m.territoire = @territoire and m.atelier = any (@ateliers) and not m.deleted and not m.hidden
order by m.atelier, m.id
