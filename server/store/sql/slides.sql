select rang, kind, coalesce(theme, '') as theme, coalesce(moment, '') as moment, coalesce(from_day::text, '') as from_day,
       coalesce(to_day::text, '') as to_day, coalesce(numero, 0) as numero,
       coalesce(indicateur, '') as indicateur
from slide
where territoire = @territoire and atelier = @atelier
order by rang
