package store

import (
	"context"
	"fmt"
	"regexp"
	"sync"

	"github.com/jackc/pgx/v5"
)

// named are the parameters of a statement by name, like pgx.StrictNamedArgs,
// for the statements of every write: pgx reads the text of a statement anew each
// time, which is a tenth of the server's time under load. Here it is read once.
type named map[string]any

// numbered is a statement with $1, $2… and the names in that order.
type numbered struct {
	sql   string
	names []string
}

var (
	numberedTexts sync.Map // text → numbered; the texts are the files of sql/
	parameter     = regexp.MustCompile(`@([A-Za-z_][A-Za-z0-9_]*)`)
)

// RewriteQuery implements pgx.QueryRewriter.
func (n named) RewriteQuery(ctx context.Context, conn *pgx.Conn, sql string, _ []any) (string, []any, error) {
	known, ok := numberedTexts.Load(sql)
	if !ok {
		// pgx knows quotes and comments; given each name as its own value it
		// answers with the order.
		every := pgx.NamedArgs{}
		for _, m := range parameter.FindAllStringSubmatch(sql, -1) {
			every[m[1]] = m[1]
		}
		text, order, err := every.RewriteQuery(ctx, conn, sql, nil)
		if err != nil {
			return "", nil, err
		}
		made := numbered{sql: text}
		for _, name := range order {
			made.names = append(made.names, name.(string))
		}
		known, _ = numberedTexts.LoadOrStore(sql, made)
	}
	s := known.(numbered)
	if len(s.names) != len(n) {
		return "", nil, fmt.Errorf("%d parameters for %d names of a statement", len(n), len(s.names))
	}
	args := make([]any, len(s.names))
	for i, name := range s.names {
		value, ok := n[name]
		if !ok {
			return "", nil, fmt.Errorf("parameter @%s is missing", name)
		}
		args[i] = value
	}
	return s.sql, args, nil
}
