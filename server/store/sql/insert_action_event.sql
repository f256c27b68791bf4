insert into action_event (territoire, action, seq, id, from_state, state, reason, pilote, proof, proof_url, role)
select @territoire, @action, coalesce(max(seq), 0) + 1, @id, nullif(@from_state, ''), @state, @reason, @pilote, @proof, @proof_url, @role
from action_event
where territoire = @territoire and action = @action
