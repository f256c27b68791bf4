-- The cells of all footprints, those of a marker together.
select atelier, marker, cell
from marker_cell
where territoire = @territoire
order by atelier, marker
