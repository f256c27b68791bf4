-- The actions of a territoire, newest first; each other parameter narrows them
-- when given. @late_before keeps those that are owed since before that day.
select a.territoire, a.id, a.quartier, coalesce(a.atelier, '00000000-0000-0000-0000-000000000000') as atelier,
       a.code, a.titre, a.detail, a.state, a.reason,
       coalesce(a.pilote, '00000000-0000-0000-0000-000000000000') as pilote,
       a.echeance, a.done_on, a.geom, a.proof, a.proof_url, a.version, a.demo, a.created_at, a.updated_at,
       coalesce((select array_agg(p.organisation order by p.organisation) from action_partner p
                  where p.territoire = a.territoire and p.action = a.id), '{}') as partners,
       coalesce((select array_agg(f.finding order by f.finding) from action_finding f
                  where f.territoire = a.territoire and f.action = a.id), '{}') as findings,
       coalesce((select array_agg(m.marker order by m.marker) from action_marker m
                  where m.territoire = a.territoire and m.action = a.id), '{}') as markers
from action a
where a.territoire = @territoire
  and (@id::uuid is null or a.id = @id)
  and (@quartier::text is null or a.quartier = @quartier)
  and (@atelier::uuid is null or a.atelier = @atelier)
  and (@pilote::uuid is null or a.pilote = @pilote)
  and (@states::text[] is null or a.state = any (@states))
  and (@late_before::date is null or (a.echeance < @late_before and a.state <> all (@settled::text[])))
order by a.created_at desc, a.id
