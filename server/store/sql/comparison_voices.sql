select m.atelier, m.participant, m.quartier, m.felt, m.themes, coalesce(m.avoids, false) as avoids,
       array(select c.cell from marker_cell c
              where c.territoire = m.territoire and c.atelier = m.atelier and c.marker = m.id) as cells
from marker m
where m.territoire = @territoire
  and m.quartier = any (@quartiers::text[])
  and not m.deleted and not m.hidden
order by m.atelier, m.id
