package migrations

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// LogSchema holds what is only added to.
const LogSchema = "journal"

// LogRole owns that schema once it is sealed. Nobody signs in as it.
const LogRole = "quietude_journal"

// logTables are the logs with the columns that the service writes: neither the hour
// nor the identifier of a line is its to say.
var logTables = [][2]string{
	{LogSchema + ".consultation", "territoire, compte, nom, role, objet, finalite, elements, details"},
	{LogSchema + ".connexion", "territoire, evenement, compte, nom, role, par, par_nom, origine, appareil, details"},
}

// SealStatements are what an administrator of the database runs to take the logs
// out of the hands of the service's role, named app: it adds to them, reads them and
// calls the one function that deletes what is past its time, and can neither change
// a line nor give itself that right. They may be repeated.
func SealStatements(app string) []string {
	role, owner := pgx.Identifier{app}.Sanitize(), pgx.Identifier{LogRole}.Sanitize()
	out := []string{
		"do $$ begin if not exists (select from pg_catalog.pg_roles where rolname = '" + LogRole + "') then create role " + owner + " nologin; end if; end $$",
		// Whoever made the role may be a member of it.
		"revoke " + owner + " from " + role,
		"alter schema " + LogSchema + " owner to " + owner,
		"revoke all on schema " + LogSchema + " from public, " + role,
		"grant usage on schema " + LogSchema + " to " + role,
		"alter function " + LogSchema + ".oublier(text) owner to " + owner,
		"revoke all on function " + LogSchema + ".oublier(text) from public",
		"grant execute on function " + LogSchema + ".oublier(text) to " + role,
	}
	for _, t := range logTables {
		table, columns := t[0], t[1]
		out = append(out,
			"alter table "+table+" owner to "+owner,
			"grant all on "+table+" to "+owner,
			"revoke all on "+table+" from public, "+role,
			"grant select on "+table+" to "+role,
			"grant insert ("+columns+") on "+table+" to "+role)
	}
	return out
}

// SealLog runs them, in one transaction, as the administrator whose connection
// string url is, unless that was done before: a change of owner waits for whoever
// reads a log, as a backup does for long, and everybody who writes to it waits behind.
func SealLog(ctx context.Context, url, app string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if done, err := sealed(ctx, conn, app); done || err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		for _, statement := range SealStatements(app) {
			if _, err := tx.Exec(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	})
}

// querier is a connection or a pool of some.
type querier interface {
	QueryRow(context.Context, string, ...any) pgx.Row
}

// LogSealed reports whether the role of a connection can add to the logs and not
// change them, not even by giving itself the right. A superuser always can.
func LogSealed(ctx context.Context, conn querier) (bool, error) { return outOfHand(ctx, conn, nil) }

// outOfHand is LogSealed for any role, nil for that of the connection.
func outOfHand(ctx context.Context, conn querier, role *string) (out bool, err error) {
	err = conn.QueryRow(ctx, `
		select count(*) = 2 and not bool_or(
			pg_has_role(role, c.relowner, 'member') or pg_has_role(role, n.nspowner, 'member') or has_schema_privilege(role, n.oid, 'create')
			or has_table_privilege(role, c.oid, 'update, delete, truncate, references, trigger') or has_any_column_privilege(role, c.oid, 'update'))
		from pg_class c join pg_namespace n on n.oid = c.relnamespace, coalesce($2::name, current_user) as role
		where n.nspname = $1 and c.relkind = 'r'`, LogSchema, role).Scan(&out)
	return out, err
}

// sealed reports whether a role has of the logs what SealStatements give it, and no
// more.
func sealed(ctx context.Context, conn querier, app string) (done bool, err error) {
	if done, err = outOfHand(ctx, conn, &app); !done || err != nil {
		return false, err
	}
	for _, t := range logTables {
		var may bool
		if err := conn.QueryRow(ctx, `
			select has_schema_privilege($1::name, $4::text, 'usage') and has_function_privilege($1, $4 || '.oublier(text)', 'execute')
			   and has_table_privilege($1, $2::text, 'select') and bool_and(has_column_privilege($1, $2, name, 'insert'))
			from unnest(string_to_array($3::text, ', ')) as name`, app, t[0], t[1], LogSchema).Scan(&may); err != nil || !may {
			return false, err
		}
	}
	return true, nil
}
