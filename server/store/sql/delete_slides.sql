delete from slide where territoire = @territoire and atelier = @atelier
