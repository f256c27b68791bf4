insert into marker (territoire, atelier, id, participant, numero, quartier, felt, geom, anchor, cell,
                    themes, reasons, moments, days, nature, frequency, since, place, severity, avoids,
                    approached, note, deleted, hidden, added_seq, geometry_seq, existence_seq, attribute_seqs, seq)
values (@territoire, @atelier, @id, @participant, @numero, @quartier, @felt, @geom, @anchor, @cell,
        @themes, @reasons, @moments, @days, nullif(@nature, ''), nullif(@frequency, ''), nullif(@since, ''),
        nullif(@place, ''), nullif(@severity::int, 0), @avoids, @approached, nullif(@note, ''), @deleted, @hidden,
        @added_seq, @geometry_seq, @existence_seq, @attribute_seqs, @seq)
on conflict (territoire, atelier, id) do update set
    quartier = excluded.quartier, felt = excluded.felt, geom = excluded.geom, anchor = excluded.anchor,
    cell = excluded.cell, themes = excluded.themes, reasons = excluded.reasons, moments = excluded.moments,
    days = excluded.days, nature = excluded.nature, frequency = excluded.frequency, since = excluded.since,
    place = excluded.place, severity = excluded.severity, avoids = excluded.avoids,
    approached = excluded.approached, note = excluded.note, deleted = excluded.deleted, hidden = excluded.hidden,
    geometry_seq = excluded.geometry_seq, existence_seq = excluded.existence_seq,
    attribute_seqs = excluded.attribute_seqs, seq = excluded.seq,
    version = pg_current_xact_id(), updated_at = clock_timestamp()
