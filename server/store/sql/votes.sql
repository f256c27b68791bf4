select v.participant, v.finding, v.dots, v.seq
from vote v
where v.territoire = @territoire and v.atelier = @atelier
order by v.seq
