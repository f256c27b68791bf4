-- What changed since a horizon.
select m.id, m.version::text::bigint as version, m.atelier, m.participant, m.quartier, m.felt, m.cell,
       array(select c.cell from marker_cell c
              where c.territoire = m.territoire and c.atelier = m.atelier and c.marker = m.id) as cells,
       m.themes, a.starts_at, m.deleted or m.hidden as gone
from marker m
join atelier a on a.territoire = m.territoire and a.id = m.atelier
where m.territoire = @territoire
  and m.version >= (@since::bigint)::text::xid8
