-- What counts and was written at or above a horizon: some rows of transactions
-- that ended while an older one was still open.
select id, version::text::bigint as version from marker
where territoire = @territoire and version >= (@since::bigint)::text::xid8 and not (deleted or hidden)
union all
select id, version::text::bigint from signalement
where territoire = @territoire and version >= (@since::bigint)::text::xid8 and not hidden
