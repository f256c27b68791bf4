select r.id, coalesce(r.participant, '00000000-0000-0000-0000-000000000000') as participant, r.numero, r.question, r.texte,
       coalesce(r.theme, '') as theme, r.geom, coalesce(r.marker, '00000000-0000-0000-0000-000000000000') as marker,
       r.deleted, r.hidden, r.added_seq, r.seq
from remark r
where r.territoire = @territoire and r.atelier = @atelier
order by r.added_seq
