-- The tables of a finding are those said and those of its remarks.
insert into finding (territoire, id, atelier, quartier, rang, titre, detail, themes, tables, geom, withdrawn)
values (@territoire, @id, @atelier, @quartier, @rang, @titre, @detail, @themes,
        coalesce((select array_agg(n order by n) from (
            select unnest(@tables::smallint[]) as n
            union
            select r.numero from remark r
             where r.territoire = @territoire and r.atelier = @atelier and r.id = any (@remarks::uuid[])) t), '{}'),
        @geom, @withdrawn)
on conflict (territoire, id) do nothing
