update edition_brouillon set state = 'refused', refusal = @refusal, ready_at = clock_timestamp()
where territoire = @territoire and id = @id and state = 'asked'
