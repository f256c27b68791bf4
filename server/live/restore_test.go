package live_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"quietude/server/atelier"
	"quietude/server/live"
	"quietude/server/pglocal"
	"quietude/server/pgorb"
	"quietude/server/pgtest"
	"quietude/server/store"
)

// TestBackupDuringWritesIsOneMoment dumps the database while a resident draws,
// restores it elsewhere, and replays the restored log.
func TestBackupDuringWritesIsOneMoment(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	stop, drawn := make(chan struct{}), make(chan error, 1)
	first := make(chan struct{})
	go func() {
		who, marker := f.habitant(1), uuid.New()
		for i := 0; ; i++ {
			select {
			case <-stop:
				drawn <- nil
				return
			default:
			}
			raw := add(marker, 5.91)
			if i > 0 {
				raw = fmt.Sprintf(`{"id":%q,"kind":"move","marker":%q,"geometry":{"type":"Point","coordinates":[%.7f,45.56]}}`,
					uuid.New(), marker, 5.91+float64(i%1000)*1e-6)
			}
			s, err := live.DecodeOperation(json.RawMessage(raw))
			if err == nil {
				var receipts []live.Receipt
				if receipts, _, err = f.hub.Write(context.Background(), f.atelier, who, []live.Submitted{s}); err == nil && i == 0 {
					err = receipts[0].Problem
					close(first)
				}
			}
			if err != nil && codeOf(live.Receipt{Problem: err}) != "trop_vite" {
				drawn <- err
				return
			}
		}
	}()
	<-first
	dump := run(t, "pg_dump", "--format=custom", "--no-owner", f.store.Pool().Config().ConnString())
	close(stop)
	if err := <-drawn; err != nil {
		t.Fatal(err)
	}

	restored := pgtest.URL(t)
	pool, err := pgxpool.New(t.Context(), restored)
	if err != nil {
		t.Fatal(err)
	}
	// An empty machine: nothing of what the template of the tests holds.
	if _, err := pool.Exec(t.Context(), `do $$ declare s text; begin
		for s in select nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema' loop
			execute format('drop schema %I cascade', s);
		end loop; end $$; create schema public`); err != nil {
		t.Fatal(err)
	}
	pool.Close()
	restore(t, dump, restored)
	config, err := pgxpool.ParseConfig(restored)
	if err != nil {
		t.Fatal(err)
	}
	config.AfterConnect = pgorb.Register
	if pool, err = pgxpool.NewWithConfig(t.Context(), config); err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	s := store.New(pool)
	a, markers, err := s.Snapshot(t.Context(), f.atelier.Territoire, f.atelier.ID)
	if err != nil {
		t.Fatal(err)
	}
	entries, err := s.Operations(t.Context(), f.atelier.Territoire, f.atelier.ID, 0, 1_000_000)
	if err != nil {
		t.Fatal(err)
	}
	state := live.State{Room: f.atelier.Room, Markers: map[uuid.UUID]atelier.Marker{}}
	for _, e := range entries {
		if err := state.Apply(e); err != nil {
			t.Fatal(err)
		}
	}
	var replayed []atelier.Marker
	for _, m := range state.Markers {
		replayed = append(replayed, m)
	}
	if a.Seq == 0 || state.Seq != a.Seq || atelier.CanonicalHash(replayed) != atelier.CanonicalHash(markers) {
		t.Errorf("the restored log leads to number %d, the restored room says %d; %d markers", state.Seq, a.Seq, len(markers))
	}
}

// run gives what one of PostgreSQL's programs writes.
func run(t *testing.T, program string, arguments ...string) []byte {
	t.Helper()
	command := exec.CommandContext(t.Context(), tool(t, program), arguments...)
	var problems bytes.Buffer
	command.Stderr = &problems
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", program, err, problems.String())
	}
	return out
}

func restore(t *testing.T, dump []byte, url string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), tool(t, "pg_restore"), "--no-owner", "--exit-on-error", "--dbname", url)
	command.Stdin = bytes.NewReader(dump)
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("pg_restore: %v\n%s", err, out)
	}
}

func tool(t *testing.T, program string) string {
	t.Helper()
	binaries, err := pglocal.FindBinaries()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(binaries.Dir, program)
}

// TestDeviceClocksDecideNothing sends operations whose clocks run backwards:
// the log keeps their offset and its own order.
func TestDeviceClocksDecideNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	who := f.habitant(1)
	for i, at := range []string{"2031-01-01T00:00:00-05:00", "1999-12-31T23:59:59Z"} {
		raw := fmt.Sprintf(`{"id":%q,"kind":"add","marker":%q,"felt":"safe","at":%q,"geometry":{"type":"Point","coordinates":[5.91,45.56]}}`,
			uuid.New(), uuid.New(), at)
		if got := f.write(f.hub, who, raw); got[0].Seq != int64(i+1) {
			t.Errorf("number %d for %s, want %d", got[0].Seq, at, i+1)
		}
	}
	ahead := pgtest.Count(t, f.store.Pool(), `select count(*) from operation where seq = 1 and offset_s > 0`)
	behind := pgtest.Count(t, f.store.Pool(), `select count(*) from operation where seq = 2 and offset_s < 0 and at > now() - interval '1 hour'`)
	if ahead != 1 || behind != 1 {
		t.Errorf("offsets kept: %d ahead, %d behind; want one each", ahead, behind)
	}
}
