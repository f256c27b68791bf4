-- The address of a room names only the atelier; its territoire leads every
-- other statement. UUIDs are unique in practice across territoires.
select territoire from atelier where id = @id
