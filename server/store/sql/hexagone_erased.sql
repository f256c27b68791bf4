-- What was erased since a horizon.
select id, version::text::bigint as version from effacement
where territoire = @territoire and version >= (@since::bigint)::text::xid8
