insert into remark (territoire, atelier, id, participant, numero, question, texte, theme, geom, marker, deleted, hidden, added_seq, seq)
values (@territoire, @atelier, @id, @participant, @numero, @question, @texte, @theme, @geom, @marker, @deleted, @hidden, @added_seq, @seq)
on conflict (territoire, atelier, id) do update set
    question = excluded.question, texte = excluded.texte, theme = excluded.theme, geom = excluded.geom, marker = excluded.marker,
    deleted = excluded.deleted, hidden = excluded.hidden, seq = excluded.seq, updated_at = clock_timestamp()
