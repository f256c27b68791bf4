package pglocal

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

const (
	// AppRole owns what the application makes in its database and is nothing more.
	AppRole = "quietude"
	// PublicRole reads what is published and nothing else.
	PublicRole = "quietude_public"
	// adminRole is the superuser that initdb makes. It creates extensions,
	// which an ordinary role may not.
	adminRole = "postgres"
	// maintenance is the database that always exists.
	maintenance = "postgres"
)

// roles are made when missing, and given these rights at each start. A role
// for another use of the database gets its line here, its grants in a migration.
var roles = []struct{ name, rights string }{
	{AppRole, "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"},
	{PublicRole, "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT CONNECTION LIMIT 20"},
}

// extensions are made in the application's database by the superuser.
var extensions = []string{"postgis"}

// provision makes what is missing; on a complete cluster it changes nothing.
func (c *Cluster) provision(ctx context.Context) error {
	if err := c.provisionCluster(ctx); err != nil {
		return advise(err, "base_incomplete", "Le rôle ou la base « %s » n'a pas pu être créé. Le détail est dans %s.", c.options.Database, c.layout.log())
	}
	if err := c.provisionDatabase(ctx); err != nil {
		return advise(err, "postgis_impossible",
			"PostGIS n'a pas pu être préparé dans la base. Réinstallez-le (apt-get install --reinstall postgresql-%d-postgis-3). Le détail est dans %s.", c.binaries.Major, c.layout.log())
	}
	return nil
}

func (c *Cluster) provisionCluster(ctx context.Context) error {
	admin, closeAdmin, err := c.connect(ctx, adminRole, maintenance)
	if err != nil {
		return err
	}
	defer closeAdmin()
	for _, role := range roles {
		verb := "CREATE"
		if known, err := exists(ctx, admin, `SELECT FROM pg_catalog.pg_roles WHERE rolname = $1`, role.name); err != nil {
			return err
		} else if known {
			verb = "ALTER"
		}
		if _, err := admin.Exec(ctx, fmt.Sprintf("%s ROLE %s %s", verb, identifier(role.name), role.rights)); err != nil {
			return fmt.Errorf("role %s: %w", role.name, err)
		}
	}
	known, err := exists(ctx, admin, `SELECT FROM pg_catalog.pg_database WHERE datname = $1`, c.options.Database)
	if err != nil || known {
		return err
	}
	_, err = admin.Exec(ctx, "CREATE DATABASE "+identifier(c.options.Database))
	return err
}

func (c *Cluster) provisionDatabase(ctx context.Context) error {
	admin, closeAdmin, err := c.connect(ctx, adminRole, c.options.Database)
	if err != nil {
		return err
	}
	defer closeAdmin()
	database, app := identifier(c.options.Database), identifier(AppRole)
	statements := []string{
		// Before version 15 every role could create tables in "public"; using it
		// is for the application too, so that the public's role finds nothing there.
		"REVOKE ALL ON DATABASE " + database + " FROM PUBLIC",
		// Whoever owns the database owns the schema public and may drop all of it,
		// with what the application must not change.
		"ALTER DATABASE " + database + " OWNER TO " + identifier(adminRole),
		"GRANT ALL ON DATABASE " + database + " TO " + app,
		"REVOKE ALL ON SCHEMA public FROM PUBLIC",
		"GRANT ALL ON SCHEMA public TO " + app,
		"GRANT CONNECT ON DATABASE " + database + " TO " + identifier(PublicRole),
	}
	for _, extension := range extensions {
		known, err := exists(ctx, admin, `SELECT FROM pg_catalog.pg_extension WHERE extname = $1`, extension)
		if err != nil {
			return err
		}
		if !known {
			statements = append(statements, "CREATE EXTENSION "+identifier(extension))
		}
	}
	// In one transaction: an interrupted start leaves all or nothing.
	return pgx.BeginFunc(ctx, admin, func(tx pgx.Tx) error {
		for _, statement := range statements {
			if _, err := tx.Exec(ctx, statement); err != nil {
				return fmt.Errorf("%s: %w", statement, err)
			}
		}
		return nil
	})
}

func exists(ctx context.Context, conn *pgx.Conn, query, name string) (bool, error) {
	var found bool
	err := conn.QueryRow(ctx, "SELECT EXISTS ("+query+")", name).Scan(&found)
	return found, err
}

func identifier(name string) string { return pgx.Identifier{name}.Sanitize() }
