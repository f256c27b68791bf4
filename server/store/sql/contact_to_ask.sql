select distinct on (lower(f.email), a.id) f.id as follower, f.code, f.email, a.id as action, d.titre, a.done_on
from action a
cross join lateral (select d.shown, d.titre from suivi_decision d
                     where d.territoire = a.territoire and d.action = a.id order by d.at desc, d.id desc limit 1) d
join contact.follower f on f.territoire = a.territoire and f.atelier = a.atelier
where a.territoire = @territoire and a.state = 'done' and a.done_on <= @done_by and d.shown
  and f.confirmed_at is not null
  and not exists (select from action_voice v where v.territoire = a.territoire and v.action = a.id and v.follower = f.id and v.done_on = a.done_on)
  and not exists (select from notice n
                   where n.territoire = a.territoire and n.kind = 'ask' and n.objet = a.id and n.cause = a.done_on::text and n.sent_at is not null
                     and n.recipient in (select g.id from contact.follower g
                                          where g.territoire = f.territoire and g.atelier = f.atelier and lower(g.email) = lower(f.email)))
order by lower(f.email), a.id, f.created_at, f.id
