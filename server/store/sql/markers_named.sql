-- Those markers of a room that a batch names, each once, looked up one by one as
-- in known_operations.sql. Nobody who names them needs their footprint, whose old
-- versions pile up while a marker is dragged.
select m.id, m.participant, m.numero, m.quartier, m.felt, m.geom, m.anchor, m.cell,
       null::bigint[] as cells,
       m.themes, m.reasons, m.moments, m.days, coalesce(m.nature, '') as nature,
       coalesce(m.frequency, '') as frequency, coalesce(m.since, '') as since, coalesce(m.place, '') as place,
       coalesce(m.severity, 0)::int as severity, m.avoids, m.approached, coalesce(m.note, '') as note,
       m.deleted, m.hidden, m.added_seq, m.geometry_seq, m.existence_seq, m.attribute_seqs, m.seq
from unnest((select @ids::uuid[])) as asked (id)
cross join lateral (
    select * from marker
    where territoire = @territoire and atelier = @atelier and id = asked.id
    limit 1) m
order by m.id
