-- How many texts wait, and how many objects are hidden.
with texts as materialized (
    select m.id as objet_id, 'note' as champ, m.note as texte from marker m
    where m.territoire = @territoire and not m.deleted and not m.hidden and m.note is not null
    union all
    select s.id, 'note', s.note from signalement s
    where s.territoire = @territoire and not s.hidden and s.note is not null
    union all
    select s.id, 'subtheme', s.subtheme from signalement s
    where s.territoire = @territoire and not s.hidden and s.origin = 'habitant' and s.subtheme is not null
)
select count(*) filter (where not exists (
           select 1 from (
               select m.digest from moderation m
               where m.territoire = @territoire and m.objet_id = t.objet_id and m.champ = t.champ
               order by m.at desc, m.id desc limit 1
           ) d where d.digest = sha256(convert_to(t.texte, 'UTF8'))))::int as held,
       (select count(*) from marker where territoire = @territoire and hidden and not deleted)::int +
       (select count(*) from signalement where territoire = @territoire and hidden)::int as hidden
from texts t
