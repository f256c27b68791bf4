select version, shown, recounted from restitution where territoire = @territoire and atelier = @atelier
