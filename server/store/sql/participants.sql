-- Who gave something to a room, as pseudonyms, by table and order of arrival.
select p.id, p.numero, p.rang,
       (select count(*) from marker m where m.territoire = p.territoire and m.atelier = p.atelier and m.participant = p.id)::int as markers,
       (select count(*) from remark r where r.territoire = p.territoire and r.atelier = p.atelier and r.participant = p.id)::int as remarks
from participant p
where p.territoire = @territoire and p.atelier = @atelier
order by p.numero, p.rang
