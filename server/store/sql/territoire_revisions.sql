-- Changes whenever the territoire or one of its quartiers is written again;
-- locks taken by foreign keys leave xmin alone.
select t.territoire,
       md5(concat_ws(' ', t.xmin::text,
           (select string_agg(q.code || ' ' || q.xmin::text, ' ' order by q.code collate "C")
              from quartier q where q.territoire = t.territoire))) as revision
from territoire t
