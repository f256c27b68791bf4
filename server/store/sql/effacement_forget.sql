delete from effacement where at < now() - interval '1 day'
