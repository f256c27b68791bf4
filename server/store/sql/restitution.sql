select version, shown from restitution where territoire = @territoire and atelier = @atelier
