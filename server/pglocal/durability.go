package pglocal

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// durable lists the settings of which "off" lets PostgreSQL lose, on a power
// cut, what it has acknowledged (synchronous_commit) or the whole cluster.
// synchronous_commit=local, remote_write and the like are all durable here.
var durable = []string{"fsync", "full_page_writes", "synchronous_commit"}

// CheckDurability refuses a database that may lose acknowledged rows. It looks
// at the settings as this connection has them, since a role or a database can
// have its own: give it a connection made like the application's. The error
// has ErrUnsafe in its chain and says in French what to change.
func CheckDurability(ctx context.Context, conn *pgx.Conn) error {
	rows, err := conn.Query(ctx, `SELECT name, setting FROM pg_catalog.pg_settings WHERE name = ANY ($1)`, durable)
	if err != nil {
		return fmt.Errorf("read durability settings: %w", err)
	}
	settings := make(map[string]string, len(durable))
	var name, setting string
	_, err = pgx.ForEachRow(rows, []any{&name, &setting}, func() error {
		settings[name] = setting
		return nil
	})
	if err != nil {
		return fmt.Errorf("read durability settings: %w", err)
	}
	return refuseUnsafe(settings)
}

func refuseUnsafe(settings map[string]string) error {
	unsafe := unsafeSettings(settings)
	if len(unsafe) == 0 {
		return nil
	}
	return advise(ErrUnsafe, "reglages_dangereux",
		"La base est réglée avec %s : une panne ferait perdre des signalements déjà confirmés aux habitants. Remettez « on » (fichier %s, ALTER SYSTEM, ALTER DATABASE ou ALTER ROLE), puis relancez.",
		strings.Join(unsafe, ", "), ExtraFile)
}

// unsafeSettings lists "name=off" for each durable setting that is not on; one
// that is missing counts as off.
func unsafeSettings(settings map[string]string) []string {
	var unsafe []string
	for _, name := range durable {
		if value := settings[name]; slices.Contains([]string{"", "off", "false", "no", "0"}, value) {
			unsafe = append(unsafe, name+"=off")
		}
	}
	return unsafe
}
