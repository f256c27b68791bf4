select told
from slide_shown
where territoire = @territoire and atelier = @atelier
order by at, asked
