insert into late_operation (territoire, atelier, id, participant, numero, kind)
values (@territoire, @atelier, @id, @participant, @numero, @kind)
on conflict do nothing
