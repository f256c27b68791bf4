-- By e-mail where there is one, else by letter; somebody invited already stays so.
insert into contact.invitation (territoire, atelier, id, reporter, code, channel)
select r.territoire, @atelier, @id, r.id, @code, case when r.email <> '' then 'email' else 'letter' end
from contact.reporter r
where r.territoire = @territoire and r.id = @reporter
on conflict (territoire, atelier, reporter) do nothing
