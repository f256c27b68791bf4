select texte as text, hash, at
from atelier_answers
where territoire = @territoire and atelier = @atelier
