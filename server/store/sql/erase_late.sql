delete from late_operation where territoire = @territoire and atelier = @atelier and participant = @participant
