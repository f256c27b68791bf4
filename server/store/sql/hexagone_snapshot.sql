-- The horizon (see hexagone_horizon), the same snapshot for other connections,
-- and how many blocks there are to share between them.
select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as horizon, pg_export_snapshot() as snapshot,
       pg_relation_size('signalement') / current_setting('block_size')::bigint as blocks
