insert into atelier_institution (territoire, atelier, institution, expected, present)
values (@territoire, @atelier, @institution, @expected, @present)
on conflict (territoire, atelier, institution) do update set expected = excluded.expected, present = excluded.present
