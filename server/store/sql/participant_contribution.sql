-- What one participant gave: the markers that are left, deleted ones included,
-- and how many entries of the log speak of them.
select p.numero, p.rang, p.created_at,
       (select count(*) from operation o where o.territoire = p.territoire and o.atelier = p.atelier and o.participant = p.id)::int as operations,
       (select count(*) from late_operation l where l.territoire = p.territoire and l.atelier = p.atelier and l.participant = p.id)::int as late,
       (select count(*) from participant_link k where k.territoire = p.territoire and k.atelier = p.atelier and k.participant = p.id)::int as devices
from participant p
where p.territoire = @territoire and p.atelier = @atelier and p.id = @participant
