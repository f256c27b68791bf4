package store_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"quietude/migrations"
	"quietude/server/pgtest"
	"quietude/server/store"
)

// pgerrcodeDenied is insufficient_privilege: of a table that is somebody else's too.
const pgerrcodeDenied = "42501"

// asService gives a pool as a role like the service's own: no superuser, and owner of
// every schema, table, view and function of the program.
func asService(t *testing.T, admin *pgxpool.Pool) (*pgxpool.Pool, string) {
	t.Helper()
	ctx := t.Context()
	role := "application_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	name := pgx.Identifier{role}.Sanitize()
	for _, statement := range []string{
		"create role " + name + " login nosuperuser nocreatedb nocreaterole",
		"do $$ begin execute format('grant all on database %I to " + role + "', current_database()); end $$",
		"grant all on schema public to " + name,
		`do $$ declare one record; begin
			for one in select n.nspname from pg_namespace n where n.nspname in ('journal', 'contact', 'publication', 'jobs') loop
				execute format('alter schema %I owner to ` + role + `', one.nspname);
			end loop;
			for one in select n.nspname, c.relname, c.relkind from pg_class c join pg_namespace n on n.oid = c.relnamespace
				where n.nspname in ('public', 'journal', 'contact', 'publication', 'jobs') and c.relkind in ('r', 'p', 'v')
				  and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e') loop
				execute format('alter %s %I.%I owner to ` + role + `', case one.relkind when 'v' then 'view' else 'table' end, one.nspname, one.relname);
			end loop;
			alter function journal.oublier(text) owner to ` + role + `;
		end $$`,
	} {
		if _, err := admin.Exec(ctx, statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	config := admin.Config()
	config.ConnConfig.User, config.ConnConfig.Password = role, ""
	config.MaxConns = 2
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		pool.Close()
		ctx := context.WithoutCancel(ctx)
		for _, statement := range []string{"reassign owned by " + name + " to current_user", "drop owned by " + name, "drop role " + name} {
			if _, err := admin.Exec(ctx, statement); err != nil {
				t.Errorf("%s: %v", statement, err)
			}
		}
	})
	return pool, role
}

// old adds a line to each log, of a time that only an administrator can write.
func old(t *testing.T, admin *pgxpool.Pool, at time.Time) {
	t.Helper()
	for _, statement := range []string{
		`insert into journal.consultation (territoire, at, nom, role, objet, finalite, elements) values ($1, $2, 'x', 'police', 'signalements', 'suivi', 1)`,
		`insert into journal.connexion (territoire, at, evenement) values ($1, $2, 'connexion')`,
	} {
		if _, err := admin.Exec(t.Context(), statement, "73065", at); err != nil {
			t.Fatal(err)
		}
	}
}

func lines(t *testing.T, pool *pgxpool.Pool) (n int) {
	t.Helper()
	if err := pool.QueryRow(t.Context(), `select (select count(*) from journal.consultation) + (select count(*) from journal.connexion)`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// fingerprint tells the lines of the logs, whose they are, and who may do what.
func fingerprint(t *testing.T, pool *pgxpool.Pool) (text string) {
	t.Helper()
	if err := pool.QueryRow(t.Context(), `select concat_ws(' ',
		(select md5(string_agg(l::text, '' order by l::text)) from (select c::text as l from journal.consultation c union all select c::text from journal.connexion c) x),
		(select concat_ws(' ', nspowner, nspacl) from pg_namespace where nspname = 'journal'),
		(select string_agg(concat_ws(' ', c.oid, relname, relowner, relacl, relhasrules, relhastriggers, relrowsecurity, relnatts), ' ' order by c.oid)
		   from pg_class c join pg_namespace n on n.oid = relnamespace where nspname = 'journal'),
		(select string_agg(concat_ws(' ', a.attrelid, attname, attacl), ' ' order by a.attrelid, attnum)
		   from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = relnamespace where nspname = 'journal'),
		(select string_agg(concat_ws(' ', p.oid, proowner, proacl, prosrc, prosecdef, proconfig), ' ' order by p.oid)
		   from pg_proc p join pg_namespace n on n.oid = pronamespace where nspname = 'journal'))`).Scan(&text); err != nil {
		t.Fatal(err)
	}
	return text
}

// TestLogIsOnlyAddedTo tries, as the service's role, whatever would rewrite the logs
// or give it the right to, once an administrator has sealed them: adding, reading and
// forgetting what is past its time still work.
func TestLogIsOnlyAddedTo(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	admin := pgtest.Pool(t)
	city := pgtest.Territoire(t, admin)
	service, role := asService(t, admin)
	if sealed, err := migrations.LogSealed(ctx, service); err != nil || sealed {
		t.Fatalf("before: sealed %v, %v", sealed, err)
	}
	for range 2 { // a second time changes nothing
		if err := migrations.SealLog(ctx, admin.Config().ConnString(), role); err != nil {
			t.Fatal(err)
		}
	}
	if sealed, err := migrations.LogSealed(ctx, service); err != nil || !sealed {
		t.Fatalf("after: sealed %v, %v", sealed, err)
	}
	if sealed, err := migrations.LogSealed(ctx, admin); err != nil || sealed {
		t.Fatalf("for a superuser: sealed %v, %v", sealed, err)
	}
	s := store.New(service)
	if err := s.AddConsultation(ctx, store.Consultation{Territoire: city.Code, Nom: "x", Role: "police", Objet: "signalements", Finalite: "suivi", Elements: 1}); err != nil {
		t.Fatalf("adding a line: %v", err)
	}
	if _, err := service.Exec(ctx, "insert into journal.connexion (territoire, evenement) values ($1, 'connexion')", city.Code); err != nil {
		t.Fatalf("adding a line: %v", err)
	}
	name, owner := pgx.Identifier{role}.Sanitize(), migrations.LogRole
	statements := []string{
		"drop schema journal cascade", "alter schema journal owner to " + name, "alter schema journal rename to x", "grant all on schema journal to " + name,
		"create table journal.mine (x int)", "create function journal.mine() returns int language sql as 'select 1'",
		"set role " + owner, "set session authorization " + owner, "grant " + owner + " to " + name, "alter role " + owner + " login",
		"drop role " + owner, "drop owned by " + owner, "reassign owned by " + owner + " to " + name, "alter role " + name + " superuser",
		"alter function journal.oublier(text) owner to " + name, "alter function journal.oublier(text) security invoker",
		"create or replace function journal.oublier(commune text) returns bigint language sql as 'select 1::bigint'", "drop function journal.oublier(text)",
		"alter function journal.oublier(text) set search_path = public", "grant execute on function journal.oublier(text) to public",
		"alter default privileges for role " + owner + " grant all on tables to " + name,
		"set session_replication_role = replica", "copy journal.consultation to program 'true'",
	}
	for table, column := range map[string]string{"journal.consultation": "nom", "journal.connexion": "evenement"} {
		statements = append(statements,
			"update "+table+" set "+column+" = 'y'", "update "+table+" set at = now()", "delete from "+table, "truncate "+table, "truncate "+table+" cascade",
			"insert into "+table+" (territoire, at) values ('73065', '2020-01-01')", "insert into "+table+" (territoire, id) values ('73065', gen_random_uuid())",
			"insert into "+table+" (territoire, "+column+") values ('73065', 'y') on conflict (territoire, id) do update set "+column+" = 'y'",
			"merge into "+table+" using (values (1)) v (x) on true when matched then delete",
			"select 1 from "+table+" for update", "lock table "+table+" in access exclusive mode",
			"alter table "+table+" add column x int", "alter table "+table+" drop column "+column, "alter table "+table+" rename to x",
			"alter table "+table+" rename column "+column+" to x", "alter table "+table+" alter column "+column+" drop not null",
			"alter table "+table+" set schema public", "alter table "+table+" owner to "+name, "alter table "+table+" disable trigger all",
			"alter table "+table+" enable row level security", "alter table "+table+" set unlogged", "alter table "+table+" inherit territoire",
			"drop table "+table, "drop table "+table+" cascade", "comment on table "+table+" is 'x'",
			"create index on "+table+" ("+column+")", "create unique index on "+table+" (territoire)", "create policy p on "+table+" using (true)",
			"create rule r as on insert to "+table+" do instead nothing",
			"create trigger t before insert on "+table+" for each row execute function suppress_redundant_updates_trigger()",
			"grant all on "+table+" to "+name, "grant update on "+table+" to "+name, "grant delete on "+table+" to public",
			"revoke all on "+table+" from "+owner, "grant update ("+column+") on "+table+" to "+name,
			"create table public.mine (x text, y uuid, foreign key (x, y) references "+table+")", "reindex table "+table, "cluster "+table+" using "+strings.TrimPrefix(table, "journal.")+"_at")
	}
	slices.Sort(statements)
	before, refused := fingerprint(t, service), 0
	for _, statement := range statements {
		err := pgx.BeginFunc(ctx, service, func(tx pgx.Tx) error { _, err := tx.Exec(ctx, statement); return err })
		var denied *pgconn.PgError
		// To grant what one does not have is a warning, and grants nothing.
		if grants := err == nil && (strings.HasPrefix(statement, "grant") || strings.HasPrefix(statement, "revoke")); !grants &&
			(!errors.As(err, &denied) || denied.Code != pgerrcodeDenied) || fingerprint(t, service) != before {
			t.Errorf("%s: %v", statement, err)
			continue
		}
		refused++
	}
	t.Logf("%d of %d statements refused or without effect", refused, len(statements))
	if n := lines(t, service); n != 2 {
		t.Errorf("%d lines", n)
	}
	// What is past its time goes, and nothing else.
	old(t, admin, time.Now().AddDate(-1, 0, -2))
	old(t, admin, time.Now().AddDate(-1, 0, 2))
	report, err := s.Purge(ctx, city.Code, time.Now())
	if err != nil || report.Journal != (store.Retained{Past: 0, Total: 4}) {
		t.Errorf("the purge: %+v, %v", report.Journal, err)
	}
	// A territoire's own lines only, and no text in the name of a function.
	if n := lines(t, service); n != 4 {
		t.Errorf("%d lines after the purge", n)
	}
	// A city that goes is refused by the lines about it, as before.
	if _, err := admin.Exec(ctx, "delete from territoire where territoire = $1", city.Code); err == nil {
		t.Error("a territoire went with its logs")
	}
}

// TestSealingAgainWaitsForNobody: every command seals the logs of the private
// database, also while a backup reads them.
func TestSealingAgainWaitsForNobody(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	admin := pgtest.Pool(t)
	pgtest.Territoire(t, admin)
	service, role := asService(t, admin)
	seal := func() error {
		ctx, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		return migrations.SealLog(ctx, admin.Config().ConnString(), role)
	}
	if err := seal(); err != nil {
		t.Fatal(err)
	}
	backup, err := admin.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = backup.Rollback(context.WithoutCancel(ctx)) }()
	if _, err := backup.Exec(ctx, "lock table journal.consultation, journal.connexion in access share mode"); err != nil {
		t.Fatal(err)
	}
	if err := seal(); err != nil {
		t.Errorf("while a backup reads: %v", err)
	}
	if err := backup.Rollback(ctx); err != nil {
		t.Fatal(err)
	}
	// What was taken away meanwhile is given back.
	for _, statement := range []string{"revoke insert (nom) on journal.connexion from ", "revoke execute on function journal.oublier(text) from ", "revoke usage on schema journal from "} {
		if _, err := admin.Exec(ctx, statement+pgx.Identifier{role}.Sanitize()); err != nil {
			t.Fatal(err)
		}
		if err := seal(); err != nil {
			t.Fatal(err)
		}
		if _, err := service.Exec(ctx, "insert into journal.connexion (territoire, evenement, nom) values ('73065', 'connexion', journal.oublier('73065')::text)"); err != nil {
			t.Errorf("after %s and sealing again: %v", statement, err)
		}
	}
}

// TestLogBeforeItIsSealed: where no administrator has sealed the logs, the service's
// role owns them and has denied itself to change a line; what is past its time goes.
func TestLogBeforeItIsSealed(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	admin := pgtest.Pool(t)
	city := pgtest.Territoire(t, admin)
	service, _ := asService(t, admin)
	old(t, admin, time.Now().AddDate(-1, 0, -2))
	old(t, admin, time.Now())
	for _, table := range []string{"journal.consultation", "journal.connexion"} {
		for _, statement := range []string{"update " + table + " set role = 'y'", "truncate " + table} {
			var denied *pgconn.PgError
			if _, err := service.Exec(ctx, statement); !errors.As(err, &denied) || denied.Code != pgerrcodeDenied {
				t.Errorf("%s: %v", statement, err)
			}
		}
	}
	report, err := store.New(service).Purge(ctx, city.Code, time.Now())
	if err != nil || report.Journal != (store.Retained{Past: 0, Total: 2}) {
		t.Errorf("the purge: %+v, %v", report.Journal, err)
	}
}
