-- The tables of one room, without their figures: asked at every write.
select atelier, numero, code, is_open, 0 as participants
from atelier_table
where territoire = @territoire and atelier = @atelier
order by numero
