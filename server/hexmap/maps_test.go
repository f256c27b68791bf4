package hexmap_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"

	"quietude/geo/hexcube"
	"quietude/geo/hexgrid"
	"quietude/server/atelier"
	"quietude/server/hexmap"
	"quietude/server/pgtest"
	"quietude/server/store"
)

func newMaps(pool *pgxpool.Pool) *hexmap.Maps {
	s := store.New(pool)
	return hexmap.NewMaps(s, hexmap.NewPlaces(s))
}

func view(t testing.TB, m *hexmap.Maps) *hexmap.View {
	t.Helper()
	v, err := m.View(context.Background(), pgtest.Chambery)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func counts(t testing.TB, v *hexmap.View, f hexmap.Filter, r hexgrid.Resolution) []hexcube.Count {
	t.Helper()
	q, ok := v.Query(f, r)
	if !ok {
		t.Fatalf("no query for %+v", f)
	}
	all, err := v.Counts(q)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// total sums what is additive over the territoire.
func total(t testing.TB, v *hexmap.View) (markers, signalements int) {
	t.Helper()
	for _, n := range counts(t, v, hexmap.Filter{}, 8) {
		markers += int(n.Markers())
		signalements += int(n.Signalements)
	}
	return markers, signalements
}

// someFilters are asked of every state.
func someFilters(a uuid.UUID) []hexmap.Filter {
	day := time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
	return []hexmap.Filter{{}, {Quartier: "CE"}, {Felt: atelier.Safe}, {Source: "signalements", Quartier: "BI"}, {Source: "markers"},
		{Themes: []string{"BRU", "OCC"}}, {Atelier: a}, {Atelier: uuid.New()}, {From: day, To: day.AddDate(0, 1, 0)}}
}

// TestFollowingEqualsReloading changes rows at random, as the store does, and
// compares the followed copy with one that is read from the start.
func TestFollowingEqualsReloading(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	pgtest.Territoire(t, pool)
	quartiers := pgtest.Quartiers(t)
	chance := rand.New(rand.NewPCG(1, 2))
	a := pgtest.Atelier(t, pool)
	people := []uuid.UUID{uuid.New(), uuid.New(), uuid.New()}
	codes := []string{"CE", "BI"}
	for i := range 40 {
		code := codes[i%2]
		pgtest.Marker(t, pool, a, func(m *atelier.Marker) {
			m.Quartier, m.Author = code, people[chance.IntN(3)]
			m.Geometry = pgtest.InQuartier(t, quartiers[code], chance)
			m.Themes = []string{string(atelier.Themes[chance.IntN(10)])}
			if i%3 == 0 {
				m.Felt = atelier.Safe
			}
		})
		pgtest.Signalement(t, pool, func(s *atelier.Signalement) {
			s.Quartier, s.Position = code, pgtest.InQuartier(t, quartiers[code], chance)
			s.Theme = atelier.Themes[chance.IntN(10)]
			s.OccurredFrom = s.OccurredFrom.AddDate(0, 0, -chance.IntN(60))
		})
	}
	followed := newMaps(pool)
	view(t, followed)
	changes := []string{
		`update marker set deleted = not deleted, version = pg_current_xact_id() where id = (select id from marker order by md5(id::text || $1) limit 1)`,
		`update marker set hidden = not hidden, version = pg_current_xact_id() where id = (select id from marker order by md5(id::text || $1) limit 1)`,
		`update marker set felt = case felt when 'safe' then 'unsafe' else 'safe' end, version = pg_current_xact_id() where id = (select id from marker order by md5(id::text || $1) limit 1)`,
		`update signalement set hidden = not hidden, version = pg_current_xact_id() where id = (select id from signalement order by md5(id::text || $1) limit 1)`,
		`update signalement set theme = 'VOI', version = pg_current_xact_id() where id = (select id from signalement order by md5(id::text || $1) limit 1)`,
	}
	for step := range 60 {
		if _, err := pool.Exec(context.Background(), changes[chance.IntN(len(changes))], fmt.Sprint(step)); err != nil {
			t.Fatal(err)
		}
		followed.Touch(pgtest.Chambery)
		if step%6 != 0 {
			continue
		}
		got, want := view(t, followed), view(t, newMaps(pool))
		for _, f := range someFilters(a.ID) {
			for r := hexgrid.Coarsest; r <= hexgrid.Stored; r++ {
				g, w := fmt.Sprint(counts(t, got, f, r)), fmt.Sprint(counts(t, want, f, r))
				if g != w {
					t.Fatalf("step %d, %+v at resolution %d:\n got %s\nwant %s", step, f, r, g, w)
				}
			}
		}
	}
}

// TestNothingIsMissedWhateverTheOrderOfCommits begins a write, lets later ones
// commit and be read, and then commits the first.
func TestNothingIsMissedWhateverTheOrderOfCommits(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	pool := pgtest.Pool(t)
	pgtest.Territoire(t, pool)
	late := pgtest.Signalement(t, pool)
	m := newMaps(pool)
	tx, err := pool.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(ctx) }()
	if _, err := tx.Exec(ctx, `update signalement set hidden = true, version = pg_current_xact_id() where id = $1`, late.ID); err != nil {
		t.Fatal(err)
	}
	for n := 2; n <= 4; n++ {
		pgtest.Signalement(t, pool)
		m.Touch(pgtest.Chambery)
		if _, got := total(t, view(t, m)); got != n {
			t.Fatalf("%d signalements, want %d", got, n)
		}
	}
	if err := tx.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	m.Touch(pgtest.Chambery)
	if _, got := total(t, view(t, m)); got != 3 {
		t.Errorf("%d signalements after the late commit, want 3", got)
	}
}

// TestRevisionStaysWhenNothingChanges keeps a transaction open, which makes the
// same rows come back at each reading.
func TestRevisionStaysWhenNothingChanges(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	pool := pgtest.Pool(t)
	pgtest.Territoire(t, pool)
	tx, err := pool.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(ctx) }()
	if _, err := tx.Exec(ctx, `select pg_current_xact_id()`); err != nil {
		t.Fatal(err)
	}
	m := newMaps(pool)
	pgtest.Signalement(t, pool)
	before := view(t, m).Revision()
	for range 3 {
		m.Touch(pgtest.Chambery)
		if got := view(t, m).Revision(); got != before {
			t.Fatalf("revision %d after %d without any change", got, before)
		}
	}
	pgtest.Signalement(t, pool)
	m.Touch(pgtest.Chambery)
	if got := view(t, m).Revision(); got == before {
		t.Error("the revision did not move with a change")
	}
}

// TestOthersAreSeen writes beside this node, which is not told.
func TestOthersAreSeen(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	pgtest.Territoire(t, pool)
	m := newMaps(pool)
	view(t, m)
	pgtest.Signalement(t, pool)
	deadline, again := time.Now().Add(time.Minute), time.NewTicker(10*time.Millisecond)
	defer again.Stop()
	for {
		if _, n := total(t, view(t, m)); n == 1 {
			return
		}
		if <-again.C; time.Now().After(deadline) {
			t.Fatal("another node's signalement is not seen")
		}
	}
}

// runs starts what tells and listens to other nodes, until the test ends.
func runs(t *testing.T, m *hexmap.Maps, news hexmap.News) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		m.Run(ctx, news, slog.New(slog.DiscardHandler))
	}()
	t.Cleanup(func() { stop(); <-ended })
}

// hearing counts what a node hears.
type hearing struct {
	*store.Store
	listens, hears chan struct{}
}

func newHearing(pool *pgxpool.Pool) *hearing {
	return &hearing{store.New(pool), make(chan struct{}, 100), make(chan struct{}, 100)}
}

func (h *hearing) ListenHexagones(ctx context.Context, ready func(), heard func(territoire, node string)) error {
	return h.Store.ListenHexagones(ctx, func() { ready(); h.listens <- struct{}{} },
		func(territoire, node string) { heard(territoire, node); h.hears <- struct{}{} })
}

// TestOthersAreHeard writes on one of two nodes that would not look at the database
// by themselves: what one was told is in its next answer, and so is what it was told
// while it could not hear.
func TestOthersAreHeard(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	pgtest.Territoire(t, pool)
	here, there := newMaps(pool), newMaps(pool)
	there.SetOthersLife(time.Hour)
	there.SetViewAge(time.Hour)
	own, ear := newHearing(pool), newHearing(pool)
	runs(t, here, own)
	runs(t, there, ear)
	<-own.listens
	<-ear.listens
	view(t, there)
	for want := 1; want <= 3; want++ {
		pgtest.Signalement(t, pool)
		if _, n := total(t, view(t, there)); n != want-1 {
			t.Fatalf("%d signalements before anything was told, want %d", n, want-1)
		}
		here.Touch(pgtest.Chambery)
		<-ear.hears
		if _, n := total(t, view(t, there)); n != want {
			t.Fatalf("%d signalements in the next answer, want %d", n, want)
		}
	}
	// Nobody listens when this is told.
	pgtest.Signalement(t, pool)
	if cut, err := pool.Exec(t.Context(), `select pg_terminate_backend(pid) from pg_stat_activity
		where query like 'listen quietude_hexagones%' and datname = current_database()`); err != nil || cut.RowsAffected() != 2 {
		t.Fatalf("%d listeners cut, want 2; %v", cut.RowsAffected(), err)
	}
	<-ear.listens
	if _, n := total(t, view(t, there)); n != 4 {
		t.Fatalf("%d signalements once it listens again, want 4", n)
	}
}

// TestNobodyWaitsForTheDatabase has a reading hang while others go on asking.
func TestNobodyWaitsForTheDatabase(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	pool := pgtest.Pool(t)
	pgtest.Territoire(t, pool)
	slow := &hanging{Store: store.New(pool), begun: make(chan struct{}), goOn: make(chan struct{})}
	m := hexmap.NewMaps(slow, hexmap.NewPlaces(slow.Store))
	m.SetOthersLife(time.Minute)
	before := view(t, m)
	pgtest.Signalement(t, pool)
	deadline, again := time.After(time.Minute), time.NewTicker(10*time.Millisecond)
	defer again.Stop()
	ask := func() *hexmap.View {
		v, err := m.View(ctx, pgtest.Chambery)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for begun := false; !begun; {
		ask()
		select {
		case <-slow.begun:
			begun = true
		case <-again.C:
		case <-deadline:
			t.Fatal("the database is not asked")
		}
	}
	if ask().Revision() != before.Revision() {
		t.Error("what has not been read is shown")
	}
	close(slow.goOn)
	for ask().Revision() == before.Revision() {
		select {
		case <-again.C:
		case <-deadline:
			t.Fatal("what was read in the background is not shown")
		}
	}
}

// hanging is a store that takes its time for what changed.
type hanging struct {
	*store.Store
	once        sync.Once
	begun, goOn chan struct{}
}

func (h *hanging) ReadCounted(ctx context.Context, territoire string, c store.Counted) (int64, store.CountedTotals, error) {
	h.once.Do(func() { close(h.begun) })
	select {
	case <-h.goOn:
	case <-ctx.Done():
		return 0, store.CountedTotals{}, ctx.Err()
	}
	return h.Store.ReadCounted(ctx, territoire, c)
}

func TestWarm(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	if err := newMaps(pool).Warm(context.Background()); err != nil {
		t.Fatalf("without territoire: %v", err)
	}
	pgtest.Territoire(t, pool)
	pgtest.Signalement(t, pool)
	m := newMaps(pool)
	if err := m.Warm(context.Background()); err != nil {
		t.Fatal(err)
	}
	if _, n := total(t, view(t, m)); n != 1 {
		t.Errorf("%d signalements, want 1", n)
	}
}

func TestForget(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	pgtest.Territoire(t, pool)
	s := pgtest.Signalement(t, pool)
	m := newMaps(pool)
	if _, n := total(t, view(t, m)); n != 1 {
		t.Fatalf("%d signalements, want 1", n)
	}
	if _, err := pool.Exec(context.Background(), `delete from signalement where id = $1`, s.ID); err != nil {
		t.Fatal(err)
	}
	m.Forget(pgtest.Chambery)
	if _, n := total(t, view(t, m)); n != 0 {
		t.Errorf("%d signalements after the erasure, want 0", n)
	}
}

// TestDeletedOutrightIsSeen though nobody called Forget.
func TestDeletedOutrightIsSeen(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	pgtest.Territoire(t, pool)
	s := pgtest.Signalement(t, pool)
	pgtest.Signalement(t, pool)
	m := newMaps(pool)
	m.SetAuditLife(0)
	if _, n := total(t, view(t, m)); n != 2 {
		t.Fatalf("%d signalements, want 2", n)
	}
	if _, err := pool.Exec(context.Background(), `delete from signalement where id = $1`, s.ID); err != nil {
		t.Fatal(err)
	}
	deadline, again := time.After(time.Minute), time.NewTicker(10*time.Millisecond)
	defer again.Stop()
	for {
		if _, n := total(t, view(t, m)); n == 1 {
			return
		}
		select {
		case <-again.C:
		case <-deadline:
			t.Fatal("the erased signalement is still counted")
		}
	}
}

// TestForgottenMemoryIsGivenBack at once, not when the territoire would have
// been dropped for being idle.
func TestForgottenMemoryIsGivenBack(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	pgtest.Territoire(t, pool)
	m := newMaps(pool)
	freed := make(chan struct{})
	runtime.AddCleanup(view(t, m), func(freed chan struct{}) { close(freed) }, freed)
	m.Forget(pgtest.Chambery)
	deadline, again := time.After(time.Minute), time.NewTicker(10*time.Millisecond)
	defer again.Stop()
	for {
		runtime.GC()
		select {
		case <-freed:
			return
		case <-again.C:
		case <-deadline:
			t.Fatal("what was forgotten is still held")
		}
	}
}

// TestZoneCountsOnceAndSpeaksEverywhere draws one zone of many cells.
func TestZoneCountsOnceAndSpeaksEverywhere(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	pgtest.Territoire(t, pool)
	a := pgtest.Atelier(t, pool)
	at := pgtest.InQuartier(t, pgtest.Quartiers(t)["CE"], nil)
	const d = 0.002
	zone := orb.Polygon{{{at[0] - d, at[1] - d}, {at[0] + d, at[1] - d}, {at[0] + d, at[1] + d}, {at[0] - d, at[1] + d}, {at[0] - d, at[1] - d}}}
	m := pgtest.Marker(t, pool, a, func(m *atelier.Marker) { m.Geometry = zone })
	v := view(t, newMaps(pool))
	markers, voices := 0, 0
	for _, n := range counts(t, v, hexmap.Filter{}, hexgrid.Stored) {
		markers += int(n.Markers())
		voices += int(n.Unsafe)
	}
	if markers != 1 || voices != len(m.Cells) || voices < 20 {
		t.Errorf("%d markers and %d voices, want 1 and one for each of %d cells", markers, voices, len(m.Cells))
	}
}

// TestReadersAndWritersAtOnce is for the race detector, and checks that a
// reader sees what was committed before it asked.
func TestReadersAndWritersAtOnce(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t, pgtest.MaxConns(8))
	pgtest.Territoire(t, pool)
	m := newMaps(pool)
	view(t, m)
	var wg sync.WaitGroup
	var mu sync.Mutex
	committed := 0
	for range 4 {
		wg.Go(func() {
			for range 10 {
				pgtest.Signalement(t, pool)
				m.Touch(pgtest.Chambery)
				mu.Lock()
				committed++
				want := committed
				mu.Unlock()
				if _, got := total(t, view(t, m)); got < want {
					t.Errorf("%d signalements seen, %d committed before", got, want)
				}
			}
		})
	}
	wg.Wait()
	if _, got := total(t, view(t, m)); got != 40 {
		t.Errorf("%d signalements, want 40", got)
	}
}

// TestIdleTerritoireIsDropped keeps asking for a while, then stops.
func TestIdleTerritoireIsDropped(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	pgtest.Territoire(t, pool)
	pgtest.Signalement(t, pool)
	m := newMaps(pool)
	const idle = 200 * time.Millisecond
	m.SetIdle(idle)
	tick := time.NewTicker(idle / 20)
	defer tick.Stop()
	asked := time.Now()
	first := view(t, m)
	for end := time.Now().Add(3 * idle); time.Now().Before(end); <-tick.C {
		before := asked
		asked = time.Now()
		// On a busy machine it may not have been in use for long enough.
		if v := view(t, m); v.Boot() != first.Boot() && time.Since(before) < idle {
			t.Fatal("a territoire in use was dropped")
		}
	}
	for end := time.Now().Add(10 * time.Second); len(m.Held()) > 0; <-tick.C {
		if time.Now().After(end) {
			t.Fatal("a territoire that nobody asks for stays in memory")
		}
	}
	again := view(t, m)
	if _, n := total(t, again); n != 1 {
		t.Errorf("%d signalements when read again, want 1", n)
	}
	boot, revision := first.Tag(hexcube.Query{})
	if boot2, revision2 := again.Tag(hexcube.Query{}); boot == boot2 && revision == revision2 {
		t.Error("answers of two readings have the same tag")
	}
}

// TestClientThatLeavesDoesNotWait asks while a table is locked.
func TestClientThatLeavesDoesNotWait(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	pool := pgtest.Pool(t)
	pgtest.Territoire(t, pool)
	m := newMaps(pool)
	lock, err := pool.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lock.Exec(ctx, `lock table signalement in access exclusive mode`); err != nil {
		t.Fatal(err)
	}
	loaded := make(chan error, 1)
	go func() {
		_, err := m.View(ctx, pgtest.Chambery)
		loaded <- err
	}()
	// The first one reads once its transaction waits for the lock.
	waiting := 0
	for end := time.Now().Add(10 * time.Second); waiting == 0 && time.Now().Before(end); {
		if err := pool.QueryRow(ctx, `select count(*) from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())`).Scan(&waiting); err != nil {
			t.Fatal(err)
		}
	}
	leaving, leave := context.WithCancel(ctx)
	gone := make(chan error, 1)
	go func() {
		_, err := m.View(leaving, pgtest.Chambery)
		gone <- err
	}()
	leave()
	select {
	case err := <-gone:
		if err == nil {
			t.Error("a view without data")
		}
	case <-time.After(time.Minute):
		t.Error("a client that has left still waits")
	}
	if err := lock.Rollback(ctx); err != nil {
		t.Fatal(err)
	}
	if err := <-loaded; err != nil {
		t.Error(err)
	}
}
