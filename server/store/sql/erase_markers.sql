-- Footprints go with their marker.
delete from marker where territoire = @territoire and atelier = @atelier and id = any (@ids::uuid[])
