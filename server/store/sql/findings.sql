-- The findings of a territoire; @quartier, @atelier and @id narrow them when
-- given. An answer is an action to which an authority has committed itself
-- (atelier.ActionState.Answers).
select f.territoire, f.id, f.atelier, f.quartier, f.rang, f.titre, f.detail, f.themes, f.tables, f.geom,
       f.withdrawn, f.version, f.created_at, f.updated_at,
       coalesce((select array_agg(r.remark order by r.remark) from finding_remark r
                  where r.territoire = f.territoire and r.finding = f.id), '{}') as remarks,
       coalesce((select array_agg(m.marker order by m.marker) from finding_marker m
                  where m.territoire = f.territoire and m.finding = f.id), '{}') as markers,
       coalesce((select array_agg(a.action order by a.action) from action_finding a
                  where a.territoire = f.territoire and a.finding = f.id), '{}') as actions,
       coalesce(v.dots, 0)::int as dots, coalesce(v.voters, 0)::int as voters,
       exists (select from action_finding l
                 join action a on a.territoire = l.territoire and a.id = l.action
                where l.territoire = f.territoire and l.finding = f.id
                  and a.state = any (@answering::text[])) as answered
from finding f
left join lateral (
    select sum(v.dots) as dots, count(*) as voters
    from vote v
    where v.territoire = f.territoire and v.atelier = f.atelier and v.finding = f.id and v.dots > 0) v on true
where f.territoire = @territoire
  and (@quartier::text is null or f.quartier = @quartier)
  and (@atelier::uuid is null or f.atelier = @atelier)
  and (@id::uuid is null or f.id = @id)
order by f.atelier, f.rang, f.id
