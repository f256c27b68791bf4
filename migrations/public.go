package migrations

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// PublicSchema is what everybody may read.
const PublicSchema = "publication"

// ContactSchema is how people can be reached: nobody's but the animateur's.
const ContactSchema = "contact"

// PublicRole is the role of the public pages where the program makes it itself.
const PublicRole = "quietude_public"

// GrantPublic lets a role that exists read the schema publication, and takes
// from it whatever else it was given in this database by its owner. It may be
// repeated, and by several nodes at once.
func GrantPublic(ctx context.Context, url, role string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	name := pgx.Identifier{role}.Sanitize()
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		for _, statement := range []string{
			// Two nodes that grant at once would meet on the same catalogue row.
			`select pg_advisory_xact_lock(hashtextextended('quietude/migrations/public', 0))`,
			"revoke all on all tables in schema public, " + ContactSchema + ", " + JobsSchema + ", " + PublicSchema + " from " + name,
			"revoke all on all sequences in schema public, " + JobsSchema + ", " + PublicSchema + " from " + name,
			"revoke all on schema " + ContactSchema + " from " + name,
			"grant usage on schema " + PublicSchema + " to " + name,
			"grant select on all tables in schema " + PublicSchema + " to " + name,
		} {
			if _, err := tx.Exec(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	})
}
