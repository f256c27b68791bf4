-- One object with its texts and whether it is hidden; no row when it is unknown.
-- Beside its own words an action has those of all its changes of state.
select m.hidden, m.atelier, array['note'] as champs, array[coalesce(m.note, '')] as textes
from marker m
where m.territoire = @territoire and m.id = @id and @objet = 'marker' and not m.deleted
union all
select s.hidden, '00000000-0000-0000-0000-000000000000'::uuid, array['note', 'subtheme'],
       array[coalesce(s.note, ''), case when s.origin = 'habitant' then coalesce(s.subtheme, '') else '' end]
from signalement s
where s.territoire = @territoire and s.id = @id and @objet = 'signalement'
union all
select r.hidden, r.atelier, array['texte'], array[r.texte]
from remark r
where r.territoire = @territoire and r.id = @id and @objet = 'remark' and not r.deleted
union all
select false, f.atelier, array['titre', 'detail'], array[f.titre, f.detail]
from finding f
where f.territoire = @territoire and f.id = @id and @objet = 'finding'
union all
select false, coalesce(x.atelier, '00000000-0000-0000-0000-000000000000'),
       array['titre', 'detail'] || (select array_agg('reason'::text order by e.seq) from action_event e where e.territoire = x.territoire and e.action = x.id)
           || (select array_agg('proof'::text order by e.seq) from action_event e where e.territoire = x.territoire and e.action = x.id),
       array[x.titre, x.detail] || (select array_agg(e.reason order by e.seq) from action_event e where e.territoire = x.territoire and e.action = x.id)
           || (select array_agg(e.proof order by e.seq) from action_event e where e.territoire = x.territoire and e.action = x.id)
from action x
where x.territoire = @territoire and x.id = @id and @objet = 'action'
union all
select false, '00000000-0000-0000-0000-000000000000', array['titre', 'lieu'], array[a.titre, a.lieu]
from atelier a
where a.territoire = @territoire and a.id = @id and @objet = 'atelier'
union all
select false, '00000000-0000-0000-0000-000000000000', array['nom'], array[o.nom]
from organisation o
where o.territoire = @territoire and o.id = @id and @objet = 'organisation'
limit 1
