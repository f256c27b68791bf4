-- The markers of a room.
select m.id, m.participant, m.numero, m.quartier, m.felt, m.geom, m.anchor, m.cell,
       coalesce((select array_agg(c.cell order by c.cell) from marker_cell c
                  where c.territoire = m.territoire and c.atelier = m.atelier and c.marker = m.id), '{}') as cells,
       m.themes, m.reasons, m.moments, m.days, coalesce(m.nature, '') as nature,
       coalesce(m.frequency, '') as frequency, coalesce(m.since, '') as since, coalesce(m.place, '') as place,
       coalesce(m.severity, 0)::int as severity, m.avoids, m.approached, coalesce(m.note, '') as note,
       m.deleted, m.hidden, m.added_seq, m.geometry_seq, m.existence_seq, m.attribute_seqs, m.seq
from marker m
where m.territoire = @territoire and m.atelier = @atelier
order by m.id
