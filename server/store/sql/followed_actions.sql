-- The public actions of an atelier, in the words that were decided about.
select a.id, a.code, a.state, d.said, d.titre, d.answer, coalesce(o.nom, '') as pilote, a.echeance, a.done_on, v.better
from action a
cross join lateral (select d.shown, d.said, d.titre, d.answer from suivi_decision d
                     where d.territoire = a.territoire and d.action = a.id order by d.at desc, d.id desc limit 1) d
left join organisation o on o.territoire = a.territoire and o.id = a.pilote
left join action_voice v on v.territoire = a.territoire and v.action = a.id and v.follower = @follower and v.done_on = a.done_on
where a.territoire = @territoire and a.atelier = @atelier and d.shown
order by a.created_at desc, a.id
