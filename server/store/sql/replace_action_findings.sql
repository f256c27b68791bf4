with gone as (
    delete from action_finding
    where territoire = @territoire and action = @action and finding <> all (@ids::uuid[])
)
insert into action_finding (territoire, action, finding)
select @territoire, @action, unnest(@ids::uuid[])
on conflict do nothing
