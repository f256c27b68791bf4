insert into edition_atelier (territoire, atelier, quartier, numero, day)
select a.territoire, a.id, @quartier, @numero, (a.starts_at at time zone t.fuseau)::date
from atelier a join territoire t on t.territoire = a.territoire
where a.territoire = @territoire and a.id = any (@ateliers)
