insert into statistique_import (territoire, id, source, digest, rows_read, rows_kept)
values (@territoire, @id, @source, @digest, @rows_read, @rows_kept)
