package hexmap_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
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
)

// number is what SQL counts in one hexagon.
type number struct{ unsafe, safe, unsafeMarkers, safeMarkers, signalements, reporters int32 }

// oracleSQL counts in plain SQL, from the definitions: a marker counts at its
// anchor, its author speaks in every cell of its footprint and in that of its
// anchor, once per hexagon; what was deleted or hidden never happened.
const oracleSQL = `
	with m as (
		select m.* from marker m join atelier a on a.territoire = m.territoire and a.id = m.atelier
		where not m.deleted and not m.hidden and cardinality(@origins::text[]) = 0 and @source <> 'signalements' and cardinality(@hours::int[]) = 0
		  and (@quartier = '' or m.quartier = @quartier) and (@felt = '' or m.felt = @felt)
		  and (cardinality(@themes::text[]) = 0 or m.themes && @themes)
		  and (@from::timestamptz is null or a.starts_at >= @from) and (@to::timestamptz is null or a.starts_at < @to)
		  and (@atelier::uuid is null or m.atelier = @atelier)
	), s as (
		select s.* from signalement s
		where not s.hidden and @source <> 'markers' and @felt = '' and @atelier::uuid is null
		  and (@quartier = '' or s.quartier = @quartier)
		  and (cardinality(@origins::text[]) = 0 or s.origin = any(@origins))
		  and (cardinality(@themes::text[]) = 0 or s.theme = any(@themes))
		  and (@from::timestamptz is null or s.occurred_from >= @from) and (@to::timestamptz is null or s.occurred_from < @to)
		  and (cardinality(@hours::int[]) = 0 or s.occurred_to - s.occurred_from <= interval '1 hour'
		       and (extract(isodow from s.occurred_from at time zone 'Europe/Paris')::int - 1) * 24
		         + extract(hour from s.occurred_from at time zone 'Europe/Paris')::int = any(@hours))
	), foot as (
		select m.participant, m.felt, c.cell from m join marker_cell c on c.territoire = m.territoire and c.atelier = m.atelier and c.marker = m.id
		union select participant, felt, cell from m
	), facts as (
		select cell, participant as unsafe, null::uuid as safe, null::uuid as reporter, 0 as unsafe_marker, 0 as safe_marker, 0 as signalement from foot where felt = 'unsafe'
		union all select cell, null, participant, null, 0, 0, 0 from foot where felt = 'safe'
		union all select cell, null, null, null, (felt = 'unsafe')::int, (felt = 'safe')::int, 0 from m
		union all select cell, null, null, reporter, 0, 0, 1 from s
	)
	select PARENT, count(distinct unsafe)::int, count(distinct safe)::int, sum(unsafe_marker)::int, sum(safe_marker)::int, sum(signalement)::int, count(distinct reporter)::int
	from facts group by 1`

// asked is a filter in the words of both sides.
type asked struct {
	hexmap.Filter
	hours []int32 // hours of the week from Monday 0:00
}

func (a asked) args(r hexgrid.Resolution) []any {
	moment := func(t time.Time) any {
		if t.IsZero() {
			return nil
		}
		return t
	}
	var id any
	if a.Atelier != uuid.Nil {
		id = a.Atelier
	}
	return []any{a.Source, append([]int32{}, a.hours...), a.Quartier, string(a.Felt), append([]string{}, a.Themes...), moment(a.From), moment(a.To), id, int32(r), append([]string{}, a.Origins...)}
}

// positional gives its numbers to the names of oracleSQL.
var positional = strings.NewReplacer(
	"PARENT", strings.NewReplacer("@cell", "cell", "@resolution", "$9").Replace(hexgrid.ParentSQL),
	"@source", "$1::text", "@hours::int[]", "$2::int[]", "@hours", "$2", "@quartier", "$3::text", "@felt", "$4::text",
	"@themes::text[]", "$5::text[]", "@themes", "$5", "@from::timestamptz", "$6::timestamptz", "@from", "$6", "@to::timestamptz", "$7::timestamptz", "@to", "$7",
	"@atelier::uuid", "$8::uuid", "@atelier", "$8", "@origins::text[]", "$10::text[]", "@origins", "$10").Replace(oracleSQL)

func oracle(t testing.TB, pool *pgxpool.Pool, a asked, r hexgrid.Resolution) map[hexgrid.Cell]number {
	t.Helper()
	rows, err := pool.Query(context.Background(), positional, a.args(r)...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	out := map[hexgrid.Cell]number{}
	for rows.Next() {
		var cell int64
		var n number
		if err := rows.Scan(&cell, &n.unsafe, &n.safe, &n.unsafeMarkers, &n.safeMarkers, &n.signalements, &n.reporters); err != nil {
			t.Fatal(err)
		}
		out[hexgrid.Cell(cell)] = n
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// inMemory answers the same from a view.
func inMemory(t testing.TB, v *hexmap.View, a asked, r hexgrid.Resolution) map[hexgrid.Cell]number {
	t.Helper()
	q, ok := v.Query(a.Filter, r)
	if !ok {
		t.Fatalf("no query for %+v", a)
	}
	q.Reporters = true
	counts, err := v.Counts(q)
	if err != nil {
		t.Fatal(err)
	}
	out := map[hexgrid.Cell]number{}
	for _, n := range counts {
		out[n.Cell] = number{n.Unsafe, n.Safe, n.UnsafeMarkers, n.SafeMarkers, n.Signalements, n.Reporters}
	}
	return out
}

// someOrigins are where signalements of the town come from.
var someOrigins = []string{"habitant", "import:csv", "import:mairie", "import:police"}

// someQuestion draws a filter; half of its conditions are absent.
func someQuestion(chance *rand.Rand, ateliers []uuid.UUID) (a asked) {
	maybe := func() bool { return chance.IntN(2) == 0 }
	if maybe() {
		a.Quartier = []string{"CE", "BI", "HC"}[chance.IntN(3)]
	}
	if chance.IntN(3) == 0 {
		a.Felt = []atelier.Felt{atelier.Unsafe, atelier.Safe}[chance.IntN(2)]
	}
	if chance.IntN(3) == 0 {
		a.Source = []string{"markers", "signalements"}[chance.IntN(2)]
	}
	if chance.IntN(4) == 0 {
		for range 1 + chance.IntN(3) {
			a.Origins = append(a.Origins, append(someOrigins, "import:nowhere")[chance.IntN(len(someOrigins)+1)])
		}
	}
	if maybe() {
		for range 1 + chance.IntN(3) {
			a.Themes = append(a.Themes, string(atelier.Themes[chance.IntN(len(atelier.Themes))]))
		}
	}
	day := func() time.Time { return time.Date(2025, 3, 1+chance.IntN(400), chance.IntN(24), 0, 0, 0, time.UTC) }
	if maybe() {
		a.From = day()
	}
	if maybe() {
		if a.To = day(); a.To.Before(a.From) {
			a.From, a.To = a.To, a.From
		}
	}
	if chance.IntN(3) == 0 {
		a.Atelier = ateliers[chance.IntN(len(ateliers))]
	}
	if chance.IntN(3) == 0 {
		first, length := chance.IntN(168), 1+chance.IntN(80)
		for h := first; h < min(first+length, 168); h++ {
			a.hours = append(a.hours, int32(h))
			a.Hours.Add(hexcube.HourOf(h/24, h%24))
		}
	}
	return a
}

// town is some hundred markers and signalements that writers change.
type town struct {
	t        *testing.T
	pool     *pgxpool.Pool
	ateliers []atelier.Atelier
	people   []uuid.UUID
	areas    map[string]orb.MultiPolygon
}

var townQuartiers = []string{"CE", "BI", "HC"}

func newTown(t *testing.T, pool *pgxpool.Pool, chance *rand.Rand) *town {
	pgtest.Territoire(t, pool)
	w := &town{t: t, pool: pool, areas: pgtest.Quartiers(t)}
	for i := range 4 {
		w.ateliers = append(w.ateliers, pgtest.Atelier(t, pool, func(a *atelier.Atelier) {
			a.Quartier = townQuartiers[i%3]
			a.StartsAt = a.StartsAt.AddDate(0, -3*i, i)
			a.ClosesAt = a.StartsAt.Add(time.Hour)
		}))
	}
	for range 12 {
		w.people = append(w.people, uuid.New())
	}
	for range 120 {
		w.addMarker(chance)
		w.addSignalement(chance)
	}
	return w
}

// at is a position of a quartier, a few of them much more often than others.
func (w *town) at(code string, chance *rand.Rand) orb.Point {
	if chance.IntN(2) == 0 {
		return pgtest.InQuartier(w.t, w.areas[code], rand.New(rand.NewPCG(uint64(chance.IntN(5)), 1)))
	}
	return pgtest.InQuartier(w.t, w.areas[code], chance)
}

func (w *town) addMarker(chance *rand.Rand) {
	m := pgtest.Marker(w.t, w.pool, w.ateliers[chance.IntN(len(w.ateliers))], func(m *atelier.Marker) {
		m.Quartier, m.Author = townQuartiers[chance.IntN(3)], w.people[chance.IntN(len(w.people))]
		at := w.at(m.Quartier, chance)
		m.Geometry = at
		if chance.IntN(4) == 0 {
			const d = 0.001
			m.Geometry = orb.Polygon{{{at[0] - d, at[1] - d}, {at[0] + d, at[1] - d}, {at[0], at[1] + d}, {at[0] - d, at[1] - d}}}
		}
		if chance.IntN(3) == 0 {
			m.Felt = atelier.Safe
		}
		for i, theme := range atelier.Themes {
			if chance.IntN(5) == i%5 {
				m.Themes = append(m.Themes, string(theme))
			}
		}
	})
	// The builder writes the footprint in a transaction of its own.
	w.exec(`update marker set version = pg_current_xact_id() where id = $1`, m.ID)
}

func (w *town) addSignalement(chance *rand.Rand) {
	s := pgtest.Signalement(w.t, w.pool, func(s *atelier.Signalement) {
		s.Quartier = townQuartiers[chance.IntN(3)]
		s.Position = w.at(s.Quartier, chance)
		s.Theme = atelier.Themes[chance.IntN(len(atelier.Themes))]
		s.OccurredFrom = time.Date(2025, 3, 1, 0, chance.IntN(400*24*60), 0, 0, time.UTC)
		s.OccurredTo = s.OccurredFrom.Add(time.Duration(chance.IntN(3)) * time.Hour)
	})
	if origin := someOrigins[chance.IntN(len(someOrigins))]; origin != "habitant" {
		w.exec(`update signalement set origin = $2, version = pg_current_xact_id() where id = $1`, s.ID, origin)
	}
	if chance.IntN(3) > 0 {
		w.exec(`update signalement set reporter = $2, version = pg_current_xact_id() where id = $1`, s.ID, w.people[chance.IntN(len(w.people))])
	}
}

func (w *town) exec(sql string, args ...any) {
	w.t.Helper()
	if _, err := w.pool.Exec(context.Background(), sql, args...); err != nil {
		w.t.Error(err)
	}
}

// change writes one thing as the store does: with the version of its own
// transaction.
func (w *town) change(chance *rand.Rand) {
	some := func(table string) string {
		return fmt.Sprintf(`, version = pg_current_xact_id() where id = (select id from %s order by md5(id::text || $1) limit 1)`, table)
	}
	salt := fmt.Sprint(chance.Uint64())
	switch chance.IntN(9) {
	case 0:
		w.addMarker(chance)
	case 1:
		w.addSignalement(chance)
	case 2:
		w.exec(`update marker set deleted = not deleted`+some("marker"), salt)
	case 3:
		w.exec(`update marker set hidden = not hidden`+some("marker"), salt)
	case 4:
		w.exec(`update marker set felt = case felt when 'safe' then 'unsafe' else 'safe' end, themes = array['VOI']`+some("marker"), salt)
	case 5:
		w.exec(`update signalement set hidden = not hidden`+some("signalement"), salt)
	case 6:
		w.exec(`update signalement set theme = 'BRU', occurred_from = occurred_from - interval '5 hours', occurred_to = occurred_from - interval '5 hours'`+some("signalement"), salt)
	case 7:
		w.exec(`update signalement set origin = 'import:mairie'`+some("signalement"), salt)
	case 8: // moved: other cell, other footprint
		at, err := hexgrid.CellOf(w.at("CE", chance), hexgrid.Stored)
		if err != nil {
			w.t.Error(err)
			return
		}
		w.exec(`with moved as (update marker set cell = $2, quartier = 'CE'`+some("marker")+` returning *)
			insert into marker_cell select territoire, atelier, id, cell from moved on conflict do nothing`, salt, at)
	}
}

// differences compares everything that was asked.
func differences(t testing.TB, pool *pgxpool.Pool, v *hexmap.View, questions []asked) (found []string) {
	t.Helper()
	for i, q := range questions {
		r := hexgrid.Coarsest + hexgrid.Resolution(i%4)
		got, want := inMemory(t, v, q, r), oracle(t, pool, q, r)
		for cell, w := range want {
			if got[cell] != w {
				found = append(found, fmt.Sprintf("%+v at %s: got %+v, want %+v", q, cell, got[cell], w))
			}
		}
		for cell, g := range got {
			if _, ok := want[cell]; !ok {
				found = append(found, fmt.Sprintf("%+v at %s: got %+v, want nothing", q, cell, g))
			}
		}
	}
	return found
}

// TestEqualsSQL lets writers change a town and stops them now and then to
// compare, on the node that wrote, on another one, and on a third that reads
// from the start.
func TestEqualsSQL(t *testing.T) {
	t.Parallel()
	const seed = 20260312
	chance := rand.New(rand.NewPCG(seed, 1))
	pool := pgtest.Pool(t, pgtest.MaxConns(8))
	w := newTown(t, pool, chance)
	var ateliers []uuid.UUID
	for _, a := range w.ateliers {
		ateliers = append(ateliers, a.ID)
	}
	ours, another := newMaps(pool), newMaps(pool)
	view(t, ours)
	view(t, another)

	var writing sync.RWMutex // held by the one who compares
	var writers sync.WaitGroup
	for n := range 3 {
		writers.Go(func() {
			chance := rand.New(rand.NewPCG(seed, uint64(n+2)))
			for range 80 {
				writing.RLock()
				w.change(chance)
				ours.Touch(pgtest.Chambery)
				writing.RUnlock()
				view(t, ours) // readers meet writers
			}
		})
	}
	hexagons := 0
	for round := range 12 {
		questions := []asked{{}, {Filter: hexmap.Filter{Source: "signalements"}}}
		for range 18 {
			questions = append(questions, someQuestion(chance, ateliers))
		}
		writing.Lock()
		wrote := time.Now()
		if d := differences(t, pool, view(t, ours), questions); len(d) > 0 {
			t.Errorf("round %d, the node that wrote: %d differences, %s", round, len(d), d[0])
		}
		if d := differences(t, pool, view(t, newMaps(pool)), questions[:4]); len(d) > 0 {
			t.Errorf("round %d, from the start: %d differences, %s", round, len(d), d[0])
		}
		awaitSame(t, pool, another, questions, wrote)
		hexagons += len(inMemory(t, view(t, ours), asked{}, hexgrid.Stored))
		writing.Unlock()
		if t.Failed() {
			break
		}
	}
	writers.Wait()
	if hexagons < 1000 {
		t.Errorf("only %d hexagons were compared", hexagons)
	}
}

// awaitSame wants another node to show what was written before a moment within
// one second of it.
func awaitSame(t *testing.T, pool *pgxpool.Pool, m *hexmap.Maps, questions []asked, wrote time.Time) {
	t.Helper()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		asked := time.Now()
		v := view(t, m)
		found := differences(t, pool, v, questions)
		if len(found) == 0 {
			return
		}
		if asked.Sub(wrote) > time.Second {
			t.Fatalf("after %v another node differs: %s", asked.Sub(wrote), found[0])
		}
		<-again.C
	}
}
