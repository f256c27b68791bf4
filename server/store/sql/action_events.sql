select e.action, e.seq, e.id, coalesce(e.from_state, '') as from_state, e.state, e.reason,
       coalesce(e.pilote, '00000000-0000-0000-0000-000000000000') as pilote, e.proof, e.proof_url, e.role, e.at
from action_event e
where e.territoire = @territoire and e.action = any (@actions::uuid[])
order by e.action, e.seq
