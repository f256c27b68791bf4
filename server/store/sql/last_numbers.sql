-- Asked every second by every node: each pair is one look into the primary key.
select a.id, a.seq
from unnest(@territoires::text[], @ids::uuid[]) as room(territoire, id)
join atelier a on a.territoire = room.territoire and a.id = room.id
