insert into atelier_table (territoire, atelier, numero, code)
values (@territoire, @atelier, @numero, @code)
