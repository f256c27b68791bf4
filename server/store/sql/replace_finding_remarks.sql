with gone as (
    delete from finding_remark
    where territoire = @territoire and finding = @finding and remark <> all (@ids::uuid[])
)
insert into finding_remark (territoire, finding, atelier, remark)
select @territoire, @finding, @atelier, unnest(@ids::uuid[])
on conflict do nothing
