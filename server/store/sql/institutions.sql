select institution, expected, present
from atelier_institution
where territoire = @territoire and atelier = @atelier
order by array_position(array['elus', 'police_nationale', 'police_municipale', 'parquet', 'bailleurs', 'correspondants_nuit', 'agents', 'autres'], institution)
