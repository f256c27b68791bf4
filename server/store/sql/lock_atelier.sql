-- The row lock orders the writers of one room; the statements after it take
-- their snapshot once it is held.
select a.territoire, a.id, a.quartier, a.kind, a.titre, a.lieu, a.starts_at, a.closes_at,
       a.state, a.step, a.step_at, coalesce(a.step_minutes, 0)::int as step_minutes, a.shared,
       a.seq, a.participant_key, a.frozen_at, coalesce(a.frozen_hash, '') as frozen_hash, a.demo, '{}'::smallint[] as plan,
       0 as participants, 0 as markers, clock_timestamp() as now
from atelier a
where a.territoire = @territoire and a.id = @id
for no key update
