-- The newest draft that has not been published for a set of ateliers.
select territoire, id, quartier, ateliers, state, coalesce(refusal, '') as refusal, coalesce(numero, 0)::int as numero,
       canonical, coalesce(hash, '') as hash, material, asked_at, ready_at
from edition_brouillon
where territoire = @territoire and @atelier = any (ateliers)
order by asked_at desc, id
