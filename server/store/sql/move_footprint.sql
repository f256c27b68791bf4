-- A footprint of one cell that stays one cell; its row stays, and its key to the
-- marker need not be checked again.
update marker_cell set cell = @cell
where territoire = @territoire and atelier = @atelier and marker = @marker
