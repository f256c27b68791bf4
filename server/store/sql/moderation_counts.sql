-- How many texts wait, and how many objects are hidden.
with texts as materialized (
    select objet_id, champ, texte from texte_libre where territoire = @territoire and not hidden
)
select count(*) filter (where not exists (
           select from moderation m
           where m.territoire = @territoire and m.objet_id = t.objet_id and m.champ = t.champ
             and m.digest = sha256(convert_to(t.texte, 'UTF8'))))::int as held,
       (select count(*) from marker where territoire = @territoire and hidden and not deleted)::int +
       (select count(*) from remark where territoire = @territoire and hidden and not deleted)::int +
       (select count(*) from signalement where territoire = @territoire and hidden)::int as hidden
from texts t
