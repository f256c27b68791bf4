-- The table or index that a file of the default tablespace belongs to; empty when unknown.
select coalesce(pg_filenode_relation(0, @file::bigint::oid)::regclass::text, '') as relation
