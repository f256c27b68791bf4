package store

import (
	"context"
	"regexp"
	"strconv"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Damage is a page that PostgreSQL cannot read: the disk gave back something
// else than what was written.
type Damage struct {
	Relation string // table or index; its file when the name is unknown
	Block    int64  // number of the page
}

// damage tells each page once, whichever request met it.
type damage struct {
	mu   sync.Mutex
	told map[Damage]bool
	tell func(Damage)
}

// OnDamage sets who is told of damaged pages. PostgreSQL names a file; the person
// who repairs needs the table.
func (s *Store) OnDamage(tell func(Damage)) {
	s.damage.mu.Lock()
	defer s.damage.mu.Unlock()
	s.damage.tell = tell
}

// damagedPage finds block and file in « invalid page in block 7 of relation
// base/16384/16570 » and « could not read block 7 in file "base/16384/16570" ».
var damagedPage = regexp.MustCompile(`block (\d+) .*?((?:base/\d+|global)/(\d+))`)

// notice is called with every error of PostgreSQL, on the connection that had
// it: the name is asked for on another one.
func (d *damage) notice(s *Store, e *pgconn.PgError) {
	m := damagedPage.FindStringSubmatch(e.Message)
	if m == nil || (e.Code != "XX001" && e.Code != "XX002") {
		return
	}
	block, _ := strconv.ParseInt(m[1], 10, 64) // digits
	file, _ := strconv.ParseInt(m[3], 10, 64)
	found := Damage{Relation: m[2], Block: block}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.tell == nil || d.told[found] {
		return
	}
	if d.told == nil {
		d.told = map[Damage]bool{}
	}
	d.told[found] = true
	tell := d.tell
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		type row struct{ Relation string }
		if r, err := one[row](ctx, s.pool, "relation_of_file", pgx.StrictNamedArgs{"file": file}); err == nil && r.Relation != "" {
			found.Relation = r.Relation
		}
		tell(found)
	}()
}
