-- Changes whenever what is published of a territoire does.
select coalesce(md5(string_agg(concat_ws('/', quartier, numero, hash, withdrawn_on), ',' order by quartier, numero)), '') as state
from publication.edition
where territoire = @territoire
