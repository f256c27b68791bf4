update edition_brouillon set state = 'published'
where territoire = @territoire and id = @id and state = 'ready'
