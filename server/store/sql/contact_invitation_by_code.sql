select i.territoire, i.atelier, coalesce(i.answer, '') as answer
from contact.invitation i
where i.code = @code
