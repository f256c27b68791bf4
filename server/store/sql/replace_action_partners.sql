with gone as (
    delete from action_partner
    where territoire = @territoire and action = @action and organisation <> all (@ids::uuid[])
)
insert into action_partner (territoire, action, organisation)
select @territoire, @action, unnest(@ids::uuid[])
on conflict do nothing
