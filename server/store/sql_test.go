package store_test

import (
	"context"
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"quietude/server/pgtest"
)

var comments = regexp.MustCompile(`(?m)--.*$`)

// TestStatementsPrepare has PostgreSQL read every statement against the newest
// schema: a renamed column, a missing cast or two statements in one file fail
// here, before any method is called.
func TestStatementsPrepare(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	conn, err := pgtest.Pool(t).Acquire(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	entries, err := os.ReadDir("sql")
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) < 40 {
		t.Fatalf("only %d files in sql/", len(entries))
	}
	for _, e := range entries {
		text, err := os.ReadFile("sql/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		sql, err := positional(ctx, conn.Conn(), string(text))
		if err != nil {
			t.Errorf("%s: %v", e.Name(), err)
			continue
		}
		if _, err := conn.Conn().Prepare(ctx, e.Name(), sql); err != nil {
			t.Errorf("%s: %v", e.Name(), err)
		}
	}
}

var named = regexp.MustCompile(`(^|[^@\w])@([a-z_][a-z0-9_]*)`)

// positional gives $1, $2… to the named parameters of a statement, through the
// very rewriting of pgx.
func positional(ctx context.Context, conn *pgx.Conn, sql string) (string, error) {
	args := pgx.StrictNamedArgs{}
	for _, m := range named.FindAllStringSubmatch(comments.ReplaceAllString(sql, ""), -1) {
		args[m[2]] = nil
	}
	rewritten, _, err := args.RewriteQuery(ctx, conn, sql, nil)
	return strings.TrimSpace(rewritten), err
}

// TestEveryStatementHasAMethod finds files that nothing runs any more.
func TestEveryStatementHasAMethod(t *testing.T) {
	code := ""
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if strings.HasSuffix(f.Name(), ".go") && !strings.HasSuffix(f.Name(), "_test.go") {
			text, err := os.ReadFile(f.Name())
			if err != nil {
				t.Fatal(err)
			}
			code += string(text)
		}
	}
	entries, err := os.ReadDir("sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		name := strings.TrimSuffix(e.Name(), ".sql")
		family, _, _ := strings.Cut(name, "_")
		if !strings.Contains(code, `"`+name+`"`) && !strings.Contains(code, `"`+family+`_"+`) {
			t.Errorf("no method runs sql/%s", e.Name())
		}
	}
}

// TestBrokenTextIsNotStored: a name that is not UTF-8 never gets as far as a tile.
func TestBrokenTextIsNotStored(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	pgtest.Territoire(t, pool)
	for _, name := range []string{"Biss\xff", "Biss\xc3", "Bis\xed\xa0\x80sy", "Bis\x00sy"} {
		_, err := pool.Exec(t.Context(), `update quartier set nom = $1 where code = 'CE'`, name)
		var refused *pgconn.PgError
		if !errors.As(err, &refused) || refused.Code != "22021" {
			t.Errorf("%q: %v, want what PostgreSQL says of bytes that are no text", name, err)
		}
	}
}
