-- Used once; codes that have expired go at the same time.
with used as (
    delete from participant_link
    where territoire = @territoire and atelier = @atelier
      and (code = @code or expires_at < clock_timestamp())
    returning code, participant, expires_at
)
select p.id, p.numero, p.rang
from used
join participant p on p.territoire = @territoire and p.atelier = @atelier and p.id = used.participant
where used.code = @code and used.expires_at >= clock_timestamp()
