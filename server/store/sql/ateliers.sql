-- @quartier and @id narrow the list when given.
select a.territoire, a.id, a.quartier, a.kind, a.titre, a.lieu, a.starts_at, a.closes_at,
       a.state, a.step, a.step_at, coalesce(a.step_minutes, 0)::int as step_minutes, a.shared,
       a.seq, a.participant_key, a.frozen_at, coalesce(a.frozen_hash, '') as frozen_hash, a.demo, coalesce(a.plan, '{}') as plan,
       (select count(*) from participant p
         where p.territoire = a.territoire and p.atelier = a.id)::int as participants,
       (select count(*) from marker m
         where m.territoire = a.territoire and m.atelier = a.id and not m.deleted and not m.hidden)::int as markers
from atelier a
where a.territoire = @territoire
  and (@quartier::text is null or a.quartier = @quartier)
  and (@id::uuid is null or a.id = @id)
order by a.starts_at desc, a.id
