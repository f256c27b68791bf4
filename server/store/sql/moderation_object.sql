-- The texts of one object and whether it is hidden; no row when it is unknown.
select m.hidden, m.atelier, coalesce(m.note, '') as note, '' as subtheme
from marker m
where m.territoire = @territoire and m.id = @id and @objet = 'marker' and not m.deleted
union all
select s.hidden, '00000000-0000-0000-0000-000000000000'::uuid, coalesce(s.note, ''),
       case when s.origin = 'habitant' then coalesce(s.subtheme, '') else '' end
from signalement s
where s.territoire = @territoire and s.id = @id and @objet = 'signalement'
limit 1
