-- Every transaction below the horizon has ended, and this snapshot sees it if
-- it was committed: the next reading starts from here and misses nothing,
-- whatever the order of commits.
select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as horizon
