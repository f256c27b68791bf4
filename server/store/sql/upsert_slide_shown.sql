insert into slide_shown as s (territoire, atelier, asked, told)
values (@territoire, @atelier, @asked, @told)
on conflict (territoire, atelier, asked) do update set told = excluded.told
