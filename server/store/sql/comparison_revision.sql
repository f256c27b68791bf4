-- Changes with what comparisons read and hexagons do not show: ateliers, who
-- sits in them, population figures.
select md5(concat_ws(' ',
    (select string_agg(a.id::text || a.xmin::text, ' ' order by a.id) from atelier a where a.territoire = @territoire),
    (select count(*) from participant p where p.territoire = @territoire),
    (select string_agg(p.quartier || p.annee || p.xmin::text, ' ' order by p.quartier collate "C", p.annee)
       from population p where p.territoire = @territoire))) as revision
