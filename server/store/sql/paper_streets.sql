-- Streets that meet a box, the important ones first.
select coalesce(v.nom, '') as nom, v.domanialite, v.geom
from voirie v
where v.territoire = @territoire
  and v.geom && ST_MakeEnvelope(@west, @south, @east, @north, 4326)
order by v.domanialite = 'COM', v.longueur_m desc nulls last, v.id
