update finding set
    rang = @rang, titre = @titre, detail = @detail, themes = @themes, geom = @geom, withdrawn = @withdrawn,
    tables = coalesce((select array_agg(n order by n) from (
        select unnest(@tables::smallint[]) as n
        union
        select r.numero from remark r
         where r.territoire = @territoire and r.atelier = @atelier and r.id = any (@remarks::uuid[])) t), '{}'),
    version = version + 1, updated_at = clock_timestamp()
where territoire = @territoire and id = @id and atelier = @atelier and version = @base
