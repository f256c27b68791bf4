update signalement set hidden = @hidden, version = pg_current_xact_id()
where territoire = @territoire and id = @id and hidden <> @hidden
