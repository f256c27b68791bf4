package pglocal

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Damage is a page of a table whose checksum does not fit what it holds: the
// disk has changed it.
type Damage struct {
	Table string
	Block int64 // number of the page in the table's file, 8 KiB each
}

// mostDamage bounds what is reported of one table: beyond it the answer is a
// backup, not a list.
const mostDamage = 20

// FindDamage reads every page of every table that the connection may read, and
// lists those that PostgreSQL refuses. A page that is already in PostgreSQL's
// memory is not read from the disk again. The connection's settings change: it
// is the caller's to close.
func FindDamage(ctx context.Context, conn *pgx.Conn) ([]Damage, error) {
	// Counting by an index would not read the table.
	if _, err := conn.Exec(ctx, "SET enable_indexscan = off; SET enable_indexonlyscan = off; SET enable_bitmapscan = off"); err != nil {
		return nil, fmt.Errorf("read tables: %w", err)
	}
	// Long values lie in a table of their own, which is named by its owner.
	rows, err := conn.Query(ctx, `
SELECT coalesce(owner.oid, c.oid)::regclass::text, c.oid::regclass::text
FROM pg_catalog.pg_class c
LEFT JOIN pg_catalog.pg_class owner ON owner.reltoastrelid = c.oid
WHERE c.relkind IN ('r', 'm', 't') AND c.relpersistence <> 't'
  AND has_schema_privilege(c.relnamespace, 'usage') AND has_table_privilege(c.oid, 'select')
ORDER BY 1, 2`)
	if err != nil {
		return nil, fmt.Errorf("list tables: %w", err)
	}
	type table struct{ Name, Read string }
	tables, err := pgx.CollectRows(rows, pgx.RowToStructByPos[table])
	if err != nil {
		return nil, fmt.Errorf("list tables: %w", err)
	}
	var found []Damage
	for _, t := range tables {
		damaged, err := damagedBlocks(ctx, conn, t.Read)
		for _, block := range damaged {
			found = append(found, Damage{t.Name, block})
		}
		if err != nil {
			return found, fmt.Errorf("read %s: %w", t.Name, err)
		}
	}
	return found, nil
}

// damagedBlocks reads a table from its first page, and after each refusal from
// the page behind it. name is quoted by PostgreSQL where it needs to be.
func damagedBlocks(ctx context.Context, conn *pgx.Conn, name string) (blocks []int64, err error) {
	for from := int64(0); len(blocks) < mostDamage; {
		_, err := conn.Exec(ctx, fmt.Sprintf("SELECT count(*) FROM ONLY %s WHERE ctid >= '(%d,0)'", name, from))
		var refused *pgconn.PgError
		if err == nil || !errors.As(err, &refused) || refused.Code != "XX001" {
			return blocks, err
		}
		m := blockNumber.FindStringSubmatch(refused.Message)
		if m == nil {
			return blocks, err
		}
		block, _ := strconv.ParseInt(m[1], 10, 64) // digits
		if block < from {
			return blocks, err // not of this table
		}
		blocks, from = append(blocks, block), block+1
	}
	return blocks, nil
}

var blockNumber = regexp.MustCompile(`block (\d+) `)

// FindDamage looks through the private cluster, the tables of PostgreSQL itself
// included.
func (c *Cluster) FindDamage(ctx context.Context) ([]Damage, error) {
	conn, closeConn, err := c.connect(ctx, adminRole, c.options.Database)
	if err != nil {
		return nil, err
	}
	defer closeConn()
	return FindDamage(ctx, conn)
}
