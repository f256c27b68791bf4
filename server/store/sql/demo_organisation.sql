-- The bailleur of the demonstration: one that its evenings name, or else this one.
with known as (
    select id from organisation where territoire = @territoire and demo and kind = 'bailleur' order by nom, id limit 1
), made as (
    insert into organisation (territoire, id, nom, kind, demo)
    select @territoire, gen_random_uuid(), @nom, 'bailleur', true where not exists (select from known)
    on conflict (territoire, nom) do nothing
    returning id
)
select id from known union all select id from made
