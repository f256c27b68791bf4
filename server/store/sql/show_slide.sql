update restitution r
set shown = @rang
where r.territoire = @territoire and r.atelier = @atelier and r.version = @version
