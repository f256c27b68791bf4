update atelier set plan = @minutes::smallint[]
where territoire = @territoire and id = @id and state <> 'closed'
