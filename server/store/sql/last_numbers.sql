select id, seq from atelier where id = any (@ids::uuid[])
