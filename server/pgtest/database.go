package pgtest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

const (
	testPrefix = "quietude_test_"
	// maxIdentifier is PostgreSQL's NAMEDATALEN less the final zero.
	maxIdentifier = 63
	// keptFor is how long a database without connections survives its test:
	// those of failed tests, and those of processes that were killed.
	keptFor = time.Hour
)

// freshDatabase clones the template for t and returns its connection string.
func (s *server) freshDatabase(t testing.TB) string {
	t.Helper()
	name := databaseName(t.Name(), time.Now())
	address, err := s.url(name)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := s.asAdmin(ctx, "CREATE DATABASE "+quote(name)+" TEMPLATE "+quote(s.template)+s.strategy); err != nil {
		t.Fatalf("pgtest: clone %s: %v", s.template, err)
	}
	t.Cleanup(func() { s.discard(t, name, address) })
	return address
}

// discard drops the database of a test that passed, and names that of a test
// that failed.
func (s *server) discard(t testing.TB, name, address string) {
	if t.Failed() {
		s.keep()
		t.Logf("pgtest: database kept for an hour: psql '%s'", address)
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := s.asAdmin(ctx, "DROP DATABASE "+quote(name)+" WITH (FORCE)"); err != nil {
		t.Errorf("pgtest: drop %s: %v", name, err)
	}
}

var notIdentifier = regexp.MustCompile(`[^a-z0-9]+`)

// databaseName is quietude_test_<unix seconds>_<8 random hex>_<test>: the time
// tells the sweep its age, the rest tells a person whose it is.
func databaseName(test string, now time.Time) string {
	var unique [4]byte
	rand.Read(unique[:]) // never fails, see crypto/rand
	name := fmt.Sprintf("%s%d_%s_%s", testPrefix, now.Unix(), hex.EncodeToString(unique[:]),
		notIdentifier.ReplaceAllString(strings.ToLower(test), "_"))
	return name[:min(len(name), maxIdentifier)]
}

// databaseTime is when databaseName was called; false for a foreign name.
func databaseTime(name string) (time.Time, bool) {
	rest, ok := strings.CutPrefix(name, testPrefix)
	if !ok {
		return time.Time{}, false
	}
	seconds, _, _ := strings.Cut(rest, "_")
	n, err := strconv.ParseInt(seconds, 10, 64)
	return time.Unix(n, 0), err == nil
}
