-- What was published stands in publication.edition; what was not is asked for again.
delete from edition_brouillon where territoire = @territoire and state <> 'published' and asked_at < @before
