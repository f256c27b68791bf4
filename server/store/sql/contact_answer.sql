update contact.invitation set
    answered_at = case when answer is distinct from @answer then clock_timestamp() else answered_at end, answer = @answer
where territoire = @territoire and atelier = @atelier and code = @code
