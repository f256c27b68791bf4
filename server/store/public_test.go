package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"quietude/migrations"
	"quietude/server/fault"
	"quietude/server/pgtest"
	"quietude/server/store"
)

// object is one thing of the database, and the statement that would use it.
type object struct{ Name, Attempt string }

// objects are all tables, views, sequences and functions of the database but
// the system catalogues, whoever made them: ours, river's, PostGIS's. Functions
// are called with a null for each argument.
const objects = `
	select format('%s %I.%I', c.relkind, n.nspname, c.relname) as name,
	       case when c.relkind = 'S' then format('select nextval(%L)', format('%I.%I', n.nspname, c.relname))
	            else format('select count(*) from %I.%I', n.nspname, c.relname) end as attempt
	from pg_class c join pg_namespace n on n.oid = c.relnamespace
	where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'publication')
	union all
	select format('function %I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)),
	       format('select %I.%I(%s)', n.nspname, p.proname,
	              repeat('null, ', greatest(p.pronargs - 1, 0)) || case when p.pronargs > 0 then 'null' else '' end)
	from pg_proc p join pg_namespace n on n.oid = p.pronamespace
	where p.prokind in ('f', 'w', 'a') and n.nspname not in ('pg_catalog', 'information_schema')
	order by 1`

// TestPublicRoleIsDeniedEverythingElse tries every object of the database, n of
// n, as the role of the public pages.
func TestPublicRoleIsDeniedEverythingElse(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	rows, err := pool.Query(t.Context(), objects)
	if err != nil {
		t.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[object])
	if err != nil {
		t.Fatal(err)
	}
	public := pgtest.Public(t, pool)
	denied, kinds := 0, map[string]int{}
	for _, o := range all {
		_, err := public.Exec(t.Context(), o.Attempt)
		var pg *pgconn.PgError
		if !errors.As(err, &pg) || pg.Code != "42501" {
			t.Errorf("%s: %v", o.Name, err)
			continue
		}
		denied++
		kind, _, _ := strings.Cut(o.Name, " ")
		kinds[kind]++
	}
	t.Logf("denied %d of %d: %v", denied, len(all), kinds)
	for kind, least := range map[string]int{"r": 25, "S": 1, "v": 2, "function": 500} {
		if kinds[kind] < least {
			t.Errorf("only %d objects of kind %s: the list is not whole", kinds[kind], kind)
		}
	}
	// The same statements as the owner are not denied: it is the role that is.
	if _, err := pool.Exec(t.Context(), `select count(*) from public.marker`); err != nil {
		t.Error(err)
	}
}

// TestPublicRoleDoesNothingElse tries what is no object: writing, making,
// becoming somebody, reading files.
func TestPublicRoleDoesNothingElse(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	public := pgtest.Public(t, pool)
	for _, attempt := range []string{
		`insert into publication.edition (territoire, quartier, numero, demo, published_on, withdrawn_on) values ('73065', 'CE', 1, true, now(), now())`,
		`update publication.edition set demo = false`,
		`delete from publication.edition`,
		`truncate publication.edition`,
		`create table publication.mine (n int)`,
		`create schema mine`,
		`create view publication.mine as select * from public.marker`,
		`create function publication.mine() returns int language sql as 'select 1'`,
		`alter table publication.edition add column mine text`,
		`set role quietude`,
		`set session authorization postgres`,
		`create role mine`,
		`copy publication.edition to '/tmp/mine'`,
		`copy publication.edition from program 'true'`,
		`select pg_read_file('/etc/passwd')`,
		`select pg_ls_dir('.')`,
		`select lo_import('/etc/passwd')`,
		`create extension dblink`,
		`select pg_terminate_backend(pid) from pg_stat_activity where usename <> current_user`,
		`alter system set fsync = off`,
		`lock table publication.edition in access exclusive mode`,
	} {
		if _, err := public.Exec(t.Context(), attempt); err == nil {
			t.Errorf("allowed: %s", attempt)
		}
	}
	if _, err := public.Exec(t.Context(), `select * from publication.edition, publication.rencontre`); err != nil {
		t.Errorf("what is public: %v", err)
	}
}

// TestWideRoleIsRefused: a role that may read more is not served with.
func TestWideRoleIsRefused(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	for name, give := range map[string]string{
		"a table":      `grant usage on schema public to %[1]s; grant select on public.participant to %[1]s`,
		"a column":     `grant usage on schema public to %[1]s; grant select (id) on public.marker to %[1]s`,
		"a sequence":   `grant usage on schema jobs to %[1]s; grant usage on all sequences in schema jobs to %[1]s`,
		"writing":      `grant usage on schema publication to %[1]s; grant update on publication.edition to %[1]s`,
		"making":       `grant create on schema public to %[1]s`,
		"the owner":    `grant quietude to %[1]s`,
		"a superuser":  `alter role %[1]s superuser`,
		"making roles": `alter role %[1]s createrole`,
	} {
		t.Run(name, func(t *testing.T) {
			role := strings.ReplaceAll("wide_"+strings.ReplaceAll(name, " ", "_")+"_"+pool.Config().ConnConfig.Database, "-", "_")
			role = role[:min(len(role), 63)]
			if _, err := pool.Exec(t.Context(), "create role "+role+" login; "+fmt.Sprintf(give, role)); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if _, err := pool.Exec(context.Background(), "drop owned by "+role+"; drop role "+role); err != nil {
					t.Error(err)
				}
			})
			public, err := store.OpenPublic(t.Context(), as(t, pool, role))
			if err == nil {
				public.Close()
				t.Fatal("served with")
			}
			if fault.As(err) == nil || fault.As(err).Code != "role_public_trop_large" {
				t.Error(err)
			}
		})
	}
	public, err := store.OpenPublic(t.Context(), as(t, pool, migrations.PublicRole))
	if err != nil {
		t.Fatal(err)
	}
	public.Close()
}

// as is the connection string of another role on the same database.
func as(t *testing.T, pool *pgxpool.Pool, role string) string {
	t.Helper()
	c := pool.Config().ConnConfig
	return fmt.Sprintf("user=%s dbname=%s host=%s port=%d sslmode=disable", role, c.Database, c.Host, c.Port)
}
