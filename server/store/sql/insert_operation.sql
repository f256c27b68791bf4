insert into operation (territoire, atelier, seq, id, kind, marker, participant, numero, role, body, digest, at, offset_s)
values (@territoire, @atelier, @seq, @id, @kind, @marker, @participant, @numero, @role, @body, @digest, @at, @offset_s)
