with gone as (
    delete from action_marker
    where territoire = @territoire and action = @action and marker <> all (@ids::uuid[])
)
insert into action_marker (territoire, action, atelier, marker)
select @territoire, @action, @atelier, unnest(@ids::uuid[])
on conflict do nothing
