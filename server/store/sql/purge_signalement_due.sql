select s.id, s.cell
from signalement s
where s.territoire = @territoire and not s.coarse and s.received_at < @position
order by s.received_at, s.id
limit @limit
for no key update skip locked
