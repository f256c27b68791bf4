insert into vote (territoire, atelier, finding, participant, dots, seq)
values (@territoire, @atelier, @finding, @participant, @dots, @seq)
on conflict (territoire, atelier, finding, participant) do update set dots = excluded.dots, seq = excluded.seq
