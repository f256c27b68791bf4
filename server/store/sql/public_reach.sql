-- What the role of this connection may read or do besides the schema
-- publication, by name: must be empty. System catalogues and what belongs to
-- extensions are everybody's.
select what from (
    select 'superutilisateur' as what from pg_roles where rolname = current_user and rolsuper
    union all
    select 'rôle qui échappe aux règles (BYPASSRLS), crée des rôles, des bases ou réplique'
    from pg_roles where rolname = current_user and (rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)
    union all
    select 'membre du rôle ' || g.rolname
    from pg_auth_members m join pg_roles g on g.oid = m.roleid join pg_roles r on r.oid = m.member where r.rolname = current_user
    union all
    select 'création de schémas' where has_database_privilege(current_database(), 'create')
    union all
    select 'écriture dans le schéma ' || nspname from pg_namespace
    where nspname !~ '^pg_' and nspname <> 'information_schema' and has_schema_privilege(oid, 'create')
    union all
    select format('%I.%I', n.nspname, c.relname)
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and has_schema_privilege(n.oid, 'usage')
      and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
      and case when c.relkind = 'S' then has_sequence_privilege(c.oid, 'usage, select, update')
               when c.relkind in ('r', 'v', 'm', 'f', 'p') then
                   has_any_column_privilege(c.oid, 'insert, update, references') or has_table_privilege(c.oid, 'delete, truncate, trigger')
                   or n.nspname <> 'publication' and has_any_column_privilege(c.oid, 'select')
               else false end
    union all
    select format('%I.%I()', n.nspname, p.proname)
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and has_schema_privilege(n.oid, 'usage') and has_function_privilege(p.oid, 'execute')
      and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
) found
order by what
