-- A code serves one device; the same device may ask again after a lost answer.
with used as (
    update participant_link set used_by = @device
    where territoire = @territoire and atelier = @atelier and code = @code
      and (used_by = @device or (used_by is null and expires_at >= clock_timestamp()))
    returning participant
)
select p.id, p.numero, p.rang
from used
join participant p on p.territoire = @territoire and p.atelier = @atelier and p.id = used.participant
