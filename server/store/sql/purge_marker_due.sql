-- Markers whose exact position is past its retention.
select m.atelier, m.id, m.cell
from marker m join atelier a on a.territoire = m.territoire and a.id = m.atelier
where m.territoire = @territoire and not m.coarse and a.closes_at < @position
order by m.atelier, m.id
limit @limit
for no key update of m skip locked
