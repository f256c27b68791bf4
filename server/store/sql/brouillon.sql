select territoire, id, quartier, ateliers, state, coalesce(refusal, '') as refusal, coalesce(numero, 0)::int as numero,
       canonical, coalesce(hash, '') as hash, material, asked_at, ready_at
from edition_brouillon
where territoire = @territoire and id = @id
