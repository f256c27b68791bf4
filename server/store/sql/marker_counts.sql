select participant, felt, count(*)::int as markers
from marker
where territoire = @territoire and atelier = @atelier
  and participant = any (@participants::uuid[])
  and not deleted
group by participant, felt
