select t.atelier, t.numero, t.code, t.is_open,
       (select count(*) from participant p
         where p.territoire = t.territoire and p.atelier = t.atelier and p.numero = t.numero)::int as participants
from atelier_table t
where t.territoire = @territoire
  and t.atelier = any (@ateliers::uuid[])
order by t.atelier, t.numero
