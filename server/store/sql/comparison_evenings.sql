-- One that is being prepared has had nobody yet.
select a.id, a.quartier, a.kind, a.titre, a.starts_at, a.state,
       (select count(*) from participant p
         where p.territoire = a.territoire and p.atelier = a.id)::int as participants
from atelier a
where a.territoire = @territoire
  and a.quartier = any (@quartiers::text[])
  and a.state <> 'prepared'
order by a.starts_at, a.id
