-- Typed words are beginnings of words: « lac » finds Avenue du Lac, not Place.
with words as (
    select array_agg('% ' || replace(replace(w, '%', ''), '_', '') || '%') as patterns
    from unnest(@words::text[]) as w
),
found as (
    select v.id, 'voie' as kind, v.nom, v.quartier, null::text as type_bien, v.geom as position, v.recherche
    from voie v, words
    where v.territoire = @territoire and ' ' || v.recherche like all (words.patterns)
    union all
    select r.id, 'repere', r.nom, r.quartier, r.type_bien, ST_PointOnSurface(r.geom), r.recherche
    from repere r, words
    where r.territoire = @territoire and ' ' || r.recherche like all (words.patterns)
)
select id, kind, nom, quartier, type_bien, position
from found
order by recherche like @first || '%' desc, kind desc, length(recherche), recherche, id
limit @limit
