select id from marker
where territoire = @territoire and atelier = @atelier and participant = @participant
