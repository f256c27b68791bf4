-- The digest is known when the file has been read to its end: until then it is
-- that of nothing.
insert into signalement_import (territoire, id, format, digest, rows_read, rows_added)
values (@territoire, @id, @format, @digest, 0, 0)
