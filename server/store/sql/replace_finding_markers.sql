with gone as (
    delete from finding_marker
    where territoire = @territoire and finding = @finding and marker <> all (@ids::uuid[])
)
insert into finding_marker (territoire, finding, atelier, marker)
select @territoire, @finding, @atelier, unnest(@ids::uuid[])
on conflict do nothing
