update signalement_import set digest = @digest, rows_read = @rows_read, rows_added = @rows_added
where territoire = @territoire and id = @id
