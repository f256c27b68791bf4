-- Public buildings that meet a box.
select r.nom, r.type_bien, r.geom
from repere r
where r.territoire = @territoire
  and r.geom && ST_MakeEnvelope(@west, @south, @east, @north, 4326)
order by ST_Area(r.geom) desc, r.id
