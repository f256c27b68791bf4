with gone as (
    delete from marker_cell
    where territoire = @territoire and atelier = @atelier and marker = @marker
      and cell <> all (@cells::bigint[])
)
insert into marker_cell (territoire, atelier, marker, cell)
select @territoire, @atelier, @marker, unnest(@cells::bigint[])
on conflict do nothing
