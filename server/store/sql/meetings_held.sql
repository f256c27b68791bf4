-- « 23 ateliers, 59 réunions »: those that were held, by kind.
select count(*) filter (where kind = 'atelier')::int as ateliers, count(*) filter (where kind = 'reunion')::int as reunions
from atelier
where territoire = @territoire and state = 'closed' and (@quartier::text is null or quartier = @quartier)
