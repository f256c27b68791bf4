package analysis_test

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"

	"quietude/geo/hexcube"
	"quietude/geo/hexgrid"
	"quietude/geo/hexstat"
	"quietude/server/analysis"
	"quietude/server/atelier"
	"quietude/server/hexmap"
	"quietude/server/pgtest"
	"quietude/server/store"
)

// world is a Chambéry of its own.
type world struct {
	t      *testing.T
	pool   *pgxpool.Pool
	maps   *hexmap.Maps
	ledger *analysis.Ledger
}

func newWorld(t *testing.T) *world {
	t.Helper()
	pool := pgtest.Pool(t)
	pgtest.Territoire(t, pool)
	s := store.New(pool)
	maps := hexmap.NewMaps(s, hexmap.NewPlaces(s))
	return &world{t, pool, maps, analysis.NewLedger(s, maps)}
}

// view is the ledger after this node wrote.
func (w *world) view() *analysis.View {
	w.t.Helper()
	w.maps.Touch(pgtest.Chambery)
	v, err := w.ledger.View(context.Background(), pgtest.Chambery)
	if err != nil {
		w.t.Fatal(err)
	}
	return v
}

// invent writes n signalements with every kind of moment, and gives them back.
func (w *world) invent(n int, chance *rand.Rand) []atelier.Signalement {
	w.t.Helper()
	quartiers := pgtest.Quartiers(w.t)
	codes := []string{"BE", "CE", "HC"}
	people := make([]uuid.UUID, 12)
	for i := range people {
		people[i] = uuid.New()
	}
	spans := []time.Duration{0, 20 * time.Minute, 90 * time.Minute, 7 * time.Hour, 24 * time.Hour, 10 * 24 * time.Hour, 400 * 24 * time.Hour}
	var out []atelier.Signalement
	for range n {
		code := codes[chance.IntN(len(codes))]
		from := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(chance.IntN(420*24*60)) * time.Minute)
		out = append(out, pgtest.Signalement(w.t, w.pool, func(s *atelier.Signalement) {
			s.Quartier, s.Theme = code, atelier.Themes[chance.IntN(4)]
			s.Position = pgtest.InQuartier(w.t, quartiers[code], chance)
			s.OccurredFrom, s.OccurredTo = from, from.Add(spans[chance.IntN(len(spans))])
			s.Origin = []string{"habitant", "import:csv", "import:mairie"}[chance.IntN(3)]
			if chance.IntN(3) > 0 {
				s.Reporter = people[chance.IntN(len(people))]
			}
		}))
	}
	return out
}

func paris(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// expected counts the same rows one by one, by the definition of each figure.
type expected struct {
	n       float64
	strip   hexstat.Strip
	months  map[string]float64
	themes  map[atelier.Theme]float64
	cells   map[hexgrid.Cell]float64
	origins map[string]float64
	people  map[uuid.UUID]bool
}

func recount(t *testing.T, all []atelier.Signalement, f hexmap.Filter) expected {
	t.Helper()
	zone := paris(t)
	e := expected{months: map[string]float64{}, themes: map[atelier.Theme]float64{}, cells: map[hexgrid.Cell]float64{}, origins: map[string]float64{}, people: map[uuid.UUID]bool{}}
	for _, s := range all {
		strip, known := hexstat.Aoristic(s.OccurredFrom, s.OccurredTo, zone).Get()
		w := 1.0
		if f.Hours != (hexcube.HourSet{}) {
			w = 0
			for d := range strip {
				for h := range strip[d] {
					if f.Hours.Has(hexcube.HourOf(d, h)) {
						w += strip[d][h]
					}
				}
			}
		}
		if f.Quartier != "" && s.Quartier != f.Quartier {
			continue
		}
		theme := len(f.Themes) == 0
		for _, one := range f.Themes {
			theme = theme || one == string(s.Theme)
		}
		period := (f.From.IsZero() || !s.OccurredFrom.Before(f.From)) && (f.To.IsZero() || s.OccurredFrom.Before(f.To))
		origin := f.Origins == nil || slices.Contains(f.Origins, s.Origin)
		if f.Source == "markers" {
			continue
		}
		if theme && period {
			e.origins[s.Origin] += w
		}
		if !origin {
			continue
		}
		if theme && period && known {
			e.strip = e.strip.Plus(strip)
		}
		if theme {
			e.months[s.OccurredFrom.In(zone).Format("2006-01")] += w
		}
		if period {
			e.themes[s.Theme] += w
		}
		if theme && period && w > 0 {
			e.n += w
			e.cells[s.Cell.Parent(10)] += w
			if s.Reporter != uuid.Nil {
				e.people[s.Reporter] = true
			}
		}
	}
	return e
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9*math.Max(1, math.Abs(b)) }

// TestCountsAgreeWithTheirDefinition compares one pass over the columns with a
// recount of the rows, for many filters.
func TestCountsAgreeWithTheirDefinition(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chance := rand.New(rand.NewPCG(1, 2))
	all := w.invent(300, chance)
	v := w.view()
	if v.Rows() != len(all) {
		t.Fatalf("%d rows of %d", v.Rows(), len(all))
	}
	zone := paris(t)
	var evening, weekend hexcube.HourSet
	for d := range 7 {
		for h := 18; h < 24; h++ {
			evening.Add(hexcube.HourOf(d, h))
		}
	}
	for h := range 24 {
		weekend.Add(hexcube.HourOf(5, h))
		weekend.Add(hexcube.HourOf(6, h))
	}
	for name, f := range map[string]hexmap.Filter{
		"everything": {},
		"quartier":   {Quartier: "BE"},
		"themes":     {Themes: []string{"BRU", "OCC"}},
		"period":     {From: time.Date(2025, 3, 30, 0, 0, 0, 0, zone), To: time.Date(2025, 10, 27, 0, 0, 0, 0, zone)},
		"evening":    {Hours: evening},
		"origin":     {Origins: []string{"import:mairie"}, Hours: evening},
		"origins":    {Origins: []string{"habitant", "import:mairie", "import:nowhere"}},
		"no origin":  {Origins: []string{"import:nowhere"}},
		"markers":    {Source: "markers"},
		"reported":   {Source: "signalements", Origins: []string{"habitant"}},
		"all of it":  {Quartier: "HC", Themes: []string{"STU"}, Hours: weekend, From: time.Date(2025, 2, 1, 0, 0, 0, 0, zone)},
	} {
		e, got := recount(t, all, f), v.Count(f)
		if !near(got.N, e.n) || got.People != len(e.people) {
			t.Errorf("%s: n %v of %d people, want %v of %d", name, got.N, got.People, e.n, len(e.people))
		}
		for d := range e.strip {
			for h := range e.strip[d] {
				if !near(got.Strip[d][h], e.strip[d][h]) {
					t.Errorf("%s: strip %d %d h: %v, want %v", name, d, h, got.Strip[d][h], e.strip[d][h])
				}
			}
		}
		for _, m := range got.Months {
			key := m.Month.Format("2006-01")
			if !near(m.Count, e.months[key]) || m.Interval.Lo > math.Round(m.Count) || m.Interval.Hi < math.Round(m.Count) {
				t.Errorf("%s: %s: %v in %v, want %v", name, key, m.Count, m.Interval, e.months[key])
			}
			delete(e.months, key)
		}
		for key, left := range e.months {
			if left > 0 {
				t.Errorf("%s: month %s with %v is missing", name, key, left)
			}
		}
		for _, one := range got.Themes {
			if !near(one.Count, e.themes[one.Theme]) {
				t.Errorf("%s: %s: %v, want %v", name, one.Theme, one.Count, e.themes[one.Theme])
			}
		}
		for _, one := range got.Origins {
			if !near(one.Count, e.origins[one.Origin]) {
				t.Errorf("%s: from %s: %v, want %v", name, one.Origin, one.Count, e.origins[one.Origin])
			}
		}
		if len(got.Origins) != 3 {
			t.Errorf("%s: %d origins", name, len(got.Origins))
		}
		sum := 0.0
		for _, h := range v.Hexagons(f, 10) {
			sum += h.Signalements
			if !near(h.Signalements, e.cells[h.Cell]) {
				t.Errorf("%s: %v: %v, want %v", name, h.Cell, h.Signalements, e.cells[h.Cell])
			}
		}
		if !near(sum, e.n) {
			t.Errorf("%s: hexagons sum to %v, want %v", name, sum, e.n)
		}
	}
	if got := v.Count(hexmap.Filter{Quartier: "ZZ"}); got.N != 0 {
		t.Errorf("an unknown quartier has %v", got.N)
	}
}

// TestLedgerFollows: what is added, hidden and deleted outright is seen, and
// what an older view showed does not change.
func TestLedgerFollows(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	all := w.invent(20, rand.New(rand.NewPCG(3, 4)))
	before := w.view()
	if again := w.view(); again != before {
		t.Error("nothing changed, and the view is another one")
	}
	w.invent(5, rand.New(rand.NewPCG(5, 6)))
	if got := w.view().Rows(); got != 25 {
		t.Errorf("after five more: %d", got)
	}
	if _, err := w.pool.Exec(t.Context(), `update signalement set hidden = true, version = pg_current_xact_id() where id = $1`, all[0].ID); err != nil {
		t.Fatal(err)
	}
	if got := w.view().Count(hexmap.Filter{}).N; got != 24 {
		t.Errorf("after one was hidden: %v", got)
	}
	if _, err := w.pool.Exec(t.Context(), `update signalement set theme = 'VOL', version = pg_current_xact_id() where id = $1`, all[1].ID); err != nil {
		t.Fatal(err)
	}
	if v := w.view(); v.Rows() != 24 || v.Count(hexmap.Filter{Themes: []string{"VOL"}}).N != 1 {
		t.Errorf("after one changed its theme: %d rows, %v of VOL", v.Rows(), v.Count(hexmap.Filter{Themes: []string{"VOL"}}).N)
	}
	if _, err := w.pool.Exec(t.Context(), `delete from signalement where id = $1`, all[2].ID); err != nil {
		t.Fatal(err)
	}
	w.maps.Forget(pgtest.Chambery)
	if got := w.view().Rows(); got != 23 {
		t.Errorf("after one was deleted: %d", got)
	}
	if before.Rows() != 20 || before.Count(hexmap.Filter{}).N != 20 {
		t.Errorf("the first view changed: %d rows", before.Rows())
	}
}

// evening adds an atelier of BE where people mark places; shared of n mark one
// common place, each other one a place of their own.
func (w *world) evening(n, shared int, chance *rand.Rand) (atelier.Atelier, hexgrid.Cell) {
	w.t.Helper()
	a := pgtest.Atelier(w.t, w.pool, func(a *atelier.Atelier) { a.Quartier = "BE" })
	area := pgtest.Quartiers(w.t)["BE"]
	common := pgtest.InQuartier(w.t, area, nil)
	for i := range n {
		pgtest.Marker(w.t, w.pool, a, func(m *atelier.Marker) {
			m.Geometry = pgtest.InQuartier(w.t, area, chance)
			if i < shared {
				m.Geometry = common
			}
		})
	}
	cell, err := hexgrid.CellOf(common, hexgrid.Stored)
	if err != nil {
		w.t.Fatal(err)
	}
	return a, cell.Parent(10)
}

func TestSharedPlacesOfAnAtelier(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	agreed, place := w.evening(16, 10, rand.New(rand.NewPCG(7, 8)))
	few, _ := w.evening(7, 7, rand.New(rand.NewPCG(9, 10)))
	v := w.view()
	steps := 0
	got, err := v.Agree(t.Context(), analysis.AtelierOf{ID: agreed.ID, Quartier: "BE", StartsAt: agreed.StartsAt}, 1, func(done, total int) { steps = max(steps, done) })
	if err != nil {
		t.Fatal(err)
	}
	if got.Participants != 16 || got.Reason != "" || len(got.Places) == 0 || steps != hexstat.DefaultMaps {
		t.Fatalf("%+v after %d steps", got, steps)
	}
	first := got.Places[0]
	found := false
	for _, h := range first.Hexagons {
		found = found || h == place
	}
	if !found || first.N < 10 || first.Of != 16 || first.P > 0.05 || first.P < 0.001 {
		t.Errorf("the common place is not the first one: %+v", first)
	}
	if i, ok := first.Share.Get(); !ok || i.Lo > float64(first.N)/16 || i.Hi < float64(first.N)/16 {
		t.Errorf("share %+v", first.Share)
	}
	again, err := v.Agree(t.Context(), analysis.AtelierOf{ID: agreed.ID, Quartier: "BE", StartsAt: agreed.StartsAt}, 1, nil)
	if err != nil || len(again.Places) != len(got.Places) || again.Places[0].P != first.P {
		t.Errorf("the same seed gives another answer: %+v, %v", again, err)
	}
	silent, err := v.Agree(t.Context(), analysis.AtelierOf{ID: few.ID, Quartier: "BE", StartsAt: few.StartsAt}, 1, nil)
	if err != nil || silent.Reason != hexstat.TooFewParticipants || len(silent.Places) != 0 {
		t.Errorf("seven people: %+v, %v", silent, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := v.Agree(ctx, analysis.AtelierOf{ID: agreed.ID, Quartier: "BE"}, 1, nil); err == nil {
		t.Error("a cancelled test goes on")
	}
}

// TestConcentrations plants a busy place and a rise at another one, in March.
func TestConcentrations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chance := rand.New(rand.NewPCG(11, 12))
	area := pgtest.Quartiers(t)["HC"]
	if got, err := w.view().Concentrate(t.Context(), hexmap.Filter{}, 1, nil); err != nil || got.GatheredWhy != hexstat.NoEvents || got.RisenWhy != hexstat.NoEvents {
		t.Errorf("without a signalement: %+v, %v", got, err)
	}
	day := func(month time.Month, i int) time.Time { return time.Date(2025, month, 1+i%27, 20, 0, 0, 0, time.UTC) }
	busy, risen := pgtest.InQuartier(t, area, chance), pgtest.InQuartier(t, area, chance)
	for i := range 240 {
		pgtest.Signalement(t, w.pool, func(s *atelier.Signalement) {
			s.Quartier, s.Reporter = "HC", uuid.New()
			s.OccurredFrom = day(time.Month(1+i%6), i)
			switch {
			case i%4 == 0:
				s.Position = busy
			case i >= 200:
				s.Position, s.OccurredFrom = risen, day(time.March, i)
			default:
				s.Position = pgtest.InQuartier(t, area, chance)
			}
			s.OccurredTo = s.OccurredFrom
		})
	}
	got, err := w.view().Concentrate(t.Context(), hexmap.Filter{Quartier: "HC"}, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	holds := func(p analysis.Place, at hexgrid.Cell) bool {
		for _, h := range p.Hexagons {
			if h == at {
				return true
			}
		}
		return false
	}
	at := func(p [2]float64) hexgrid.Cell {
		c, err := hexgrid.CellOf(p, hexgrid.Stored)
		if err != nil {
			t.Fatal(err)
		}
		return c.Parent(10)
	}
	if got.N != 240 || got.Reporters != 240 || len(got.Gathered) == 0 || !holds(got.Gathered[0], at(busy)) {
		t.Errorf("the busy place is not found: %d, %+v", got.N, got.Gathered)
	}
	if len(got.Risen) == 0 || !holds(got.Risen[0], at(risen)) || got.Risen[0].From.Month() != time.March || got.Risen[0].P > 0.05 {
		t.Errorf("the rise is not found: %+v", got.Risen)
	}
	if one, err := w.view().Concentrate(t.Context(), hexmap.Filter{Quartier: "HC", From: time.Date(2025, 3, 1, 0, 0, 0, 0, paris(t)), To: time.Date(2025, 4, 1, 0, 0, 0, 0, paris(t))}, 1, nil); err != nil || one.RisenWhy != analysis.ShortPeriod {
		t.Errorf("a single month: %q, %v", one.RisenWhy, err)
	}
}

// TestDensity: the picture holds what was spread, and its summit is where the
// signalements are.
func TestDensity(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if got := w.view().Density(hexmap.Filter{}, "", 125); got.Reason != hexstat.NoEvents {
		t.Errorf("nothing to draw: %+v", got.Reason)
	}
	s := pgtest.Signalement(t, w.pool)
	d, ok := w.view().Density(hexmap.Filter{}, "", 125).Get()
	if !ok || d.N != 1 || len(d.Classes) != d.Columns*d.Rows {
		t.Fatalf("%v: %d classes for %d × %d", ok, len(d.Classes), d.Columns, d.Rows)
	}
	at := s.Cell.Centre()
	column := int((at[0] - d.Bounds.Min[0]) / (d.Bounds.Max[0] - d.Bounds.Min[0]) * float64(d.Columns))
	row := int((d.Bounds.Max[1] - at[1]) / (d.Bounds.Max[1] - d.Bounds.Min[1]) * float64(d.Rows))
	if got := d.Classes[row*d.Columns+column]; got != analysis.DensityClasses {
		t.Errorf("class %d at the signalement", got)
	}
	// 3/(πh²) at the middle, per hectare; half a cell away it is a little lower.
	if top := 3 / (math.Pi * 125 * 125) * 10_000; d.Breaks[0]/0.05 > top || d.Breaks[0]/0.05 < 0.97*top {
		t.Errorf("summit %v, want nearly %v", d.Breaks[0]/0.05, top)
	}
	if d.Classes[0] != 0 {
		t.Error("the corner of the map is coloured")
	}
	areas, across, up := d.Areas(), (d.Bounds.Max[0]-d.Bounds.Min[0])/float64(d.Columns), (d.Bounds.Max[1]-d.Bounds.Min[1])/float64(d.Rows)
	for i, class := range d.Classes {
		middle := orb.Point{d.Bounds.Min[0] + (float64(i%d.Columns)+0.5)*across, d.Bounds.Max[1] - (float64(i/d.Columns)+0.5)*up}
		var over []int
		for _, area := range areas {
			if area.Contains(middle) {
				over = append(over, area.Class)
			}
		}
		if class == 0 && len(over) > 0 || class > 0 && !slices.Equal(over, []int{int(class)}) {
			t.Fatalf("cell %d of class %d is under rectangles of classes %v", i, class, over)
		}
	}
	if len(areas) >= d.Columns+d.Rows {
		t.Errorf("%d rectangles for one summit", len(areas))
	}
	a := pgtest.Atelier(t, w.pool)
	person := uuid.New()
	for range 3 {
		pgtest.Marker(t, w.pool, a, func(m *atelier.Marker) { m.Author = person })
	}
	felt, ok := w.view().Density(hexmap.Filter{}, atelier.Unsafe, 125).Get()
	if !ok || !near(felt.N, 1) {
		t.Errorf("one resident with three markers weighs %v", felt.N)
	}
}

// TestCrossing holds the quadrants against their definition.
func TestCrossing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chance := rand.New(rand.NewPCG(13, 14))
	area := pgtest.Quartiers(t)["CE"]
	felt, reported := pgtest.InQuartier(t, area, chance), pgtest.InQuartier(t, area, chance)
	a := pgtest.Atelier(t, w.pool)
	for range 12 {
		pgtest.Marker(t, w.pool, a, func(m *atelier.Marker) { m.Geometry = felt })
		pgtest.Signalement(t, w.pool, func(s *atelier.Signalement) { s.Position = reported })
	}
	got := w.view().Cross(hexmap.Filter{}, 10)
	if len(got.Hexagons) != 2 || got.Voices != 12 || got.Signalements != 12 || got.Differing != 2 {
		t.Fatalf("%+v", got)
	}
	for _, h := range got.Hexagons {
		want := analysis.ReportedOnly
		if h.Unsafe > 0 {
			want = analysis.FeltOnly
		}
		if h.Quadrant != want || !h.Beyond {
			t.Errorf("%+v, want %s beyond chance", h, want)
		}
	}
	if s, ok := got.S.Get(); !ok || s != 0 {
		t.Errorf("S %v: two places that have nothing in common", got.S)
	}
}

func TestBusiestBand(t *testing.T) {
	t.Parallel()
	var strip hexstat.Strip
	for d := range strip {
		for h := range strip[d] {
			strip[d][h] = 0.1
		}
	}
	if _, ok := analysis.BusiestBand(strip); ok {
		t.Error("an even week has a busiest band")
	}
	for d := range 5 { // weekdays from 22 h to 2 h
		strip[d][22] += 3
		strip[d][23] += 3
		strip[d+1][0] += 3
		strip[d+1][1] += 3
	}
	b, ok := analysis.BusiestBand(strip)
	if !ok || b.FirstDay != 1 || b.LastDay != 5 || b.From != 22 || b.To != 26 {
		t.Errorf("%+v, %v", b, ok)
	}
	if _, ok := analysis.BusiestBand(hexstat.Strip{}); ok {
		t.Error("an empty week has a busiest band")
	}
}
