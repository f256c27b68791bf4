-- What residents say of actions that are done, of one when given: only voices
-- about this completion. Followed: tables of the atelier that have a follower.
select a.id as action,
       count(*) filter (where v.better)::int as better,
       count(*) filter (where not v.better)::int as worse,
       count(distinct f.numero) filter (where v.better)::int as tables,
       (select count(distinct o.numero) from contact.follower o where o.territoire = a.territoire and o.atelier = a.atelier)::int as followed
from action a
join action_voice v on v.territoire = a.territoire and v.action = a.id and v.done_on = a.done_on
join contact.follower f on f.territoire = v.territoire and f.atelier = v.atelier and f.id = v.follower
where a.territoire = @territoire and (@action::uuid is null or a.id = @action)
group by a.territoire, a.id, a.atelier
