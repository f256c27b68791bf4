select i.id, i.code, i.channel, i.sent_at, coalesce(i.answer, '') as answer, i.answered_at, r.nom, r.email, r.adresse
from contact.invitation i
join contact.reporter r on r.territoire = i.territoire and r.id = i.reporter
where i.territoire = @territoire and i.atelier = @atelier
order by i.answered_at nulls last, i.created_at, i.id
