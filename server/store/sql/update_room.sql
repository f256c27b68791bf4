update atelier set
    state = @state, step = @step, step_at = @step_at, step_minutes = nullif(@step_minutes::int, 0),
    shared = @shared, seq = @seq, frozen_at = @frozen_at, frozen_hash = nullif(@frozen_hash, '')
where territoire = @territoire and id = @id
