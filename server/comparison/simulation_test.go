package comparison

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
	"gonum.org/v1/gonum/stat/distuv"

	"quietude/geo/hexgrid"
	"quietude/geo/hexstat"
	"quietude/server/atelier"
	"quietude/server/store"
)

// world is a square of Chambéry, its hexagons at resolution 10 and a source of
// chance.
type world struct {
	*rand.Rand
	area  orb.MultiPolygon
	cells []hexgrid.Cell
}

func newWorld(t *testing.T, seed uint64) world {
	t.Helper()
	w := world{Rand: rand.New(rand.NewPCG(seed, 9)), area: orb.MultiPolygon{{{
		{5.90, 45.56}, {5.914, 45.56}, {5.914, 45.57}, {5.90, 45.57}, {5.90, 45.56}}}}}
	var err error
	if w.cells, err = hexgrid.Reachable(w.area, 10); err != nil {
		t.Fatal(err)
	}
	return w
}

// inside is a cell at the stored resolution.
func (w world) inside(cell hexgrid.Cell) hexgrid.Cell {
	c, _ := hexgrid.CellOf(cell.Centre(), hexgrid.Stored)
	return c
}

func (w world) anywhere() hexgrid.Cell { return w.inside(w.cells[w.IntN(len(w.cells))]) }

// evening adds an atelier whose residents name places at random, and the shared
// place with a probability; one of them names very many.
func (w world) evening(data *store.Compared, year, residents int, shared float64) Side {
	e := store.ComparedEvening{ID: uuid.New(), Quartier: "X", StartsAt: time.Date(year, 3, 1, 18, 0, 0, 0, time.UTC), Participants: residents}
	data.Evenings = append(data.Evenings, e)
	for i := range residents {
		who, places := uuid.New(), 1+w.IntN(4)
		if i == 0 {
			places = 15
		}
		for range places {
			data.Voices = append(data.Voices, store.ComparedVoice{Atelier: e.ID, Participant: who, Quartier: "X", Felt: atelier.Unsafe, Cells: []hexgrid.Cell{w.anywhere()}})
		}
		if w.Float64() < shared {
			data.Voices = append(data.Voices, store.ComparedVoice{Atelier: e.ID, Participant: who, Quartier: "X", Felt: atelier.Unsafe, Cells: []hexgrid.Cell{w.inside(w.cells[7])}})
		}
	}
	return Side{Atelier: e.ID}
}

// Two evenings that differ by chance only are not told apart, neither hexagon by
// hexagon nor resident by resident; a place that lost its voices is found.
func TestChangeKeepsItsLevel(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	const repeats = 60
	maps, residents, found, disagree := 0, 0, 0, 0
	for i := range repeats {
		var data store.Compared
		a, b := w.evening(&data, 2024, 20, 0.5), w.evening(&data, 2025, 20, 0.5)
		c, err := Compare(t.Context(), w.area, data, a, b, Unsafe, 10, uint64(i))
		if err != nil {
			t.Fatal(err)
		}
		if c.Pattern.Fewer+c.Pattern.More > 0 {
			maps++
		}
		if test, ok := c.Residents.Get(); ok && test.PTwoSided <= hexstat.Alpha {
			residents++
		}
		if !c.Agrees && c.Pattern.Fewer+c.Pattern.More+c.Coarser.Fewer+c.Coarser.More == 0 {
			disagree++
		}
		data = store.Compared{}
		a, b = w.evening(&data, 2024, 40, 0.9), w.evening(&data, 2025, 40, 0.1)
		if c, err = Compare(t.Context(), w.area, data, a, b, Unsafe, 10, uint64(i)); err != nil {
			t.Fatal(err)
		}
		if c.Pattern.Fewer == 1 && c.Pattern.More == 0 {
			found++
		}
	}
	t.Logf("of %d: %d null maps with a verdict, %d null tests of residents, %d planted falls found", repeats, maps, residents, found)
	if maps > repeats*8/100 || residents > repeats*9/100 {
		t.Errorf("false alarms: %d maps, %d tests of %d", maps, residents, repeats)
	}
	if found < repeats*95/100 {
		t.Errorf("the planted fall is found in %d of %d", found, repeats)
	}
	if disagree > 0 {
		t.Errorf("two resolutions without any verdict disagree %d times", disagree)
	}
}

// With a known effect at a place the interval covers it, and with none the
// answer is « pas de conclusion », from reports as they are stored.
func TestZoneCoversTheEffect(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	from := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	at, to := from.AddDate(1, 0, 0), from.AddDate(2, 0, 0)
	zone := []hexgrid.Cell{w.cells[20], w.cells[21].Parent(10)}
	const repeats = 1000
	for _, effect := range []float64{0.4, 1, 2} {
		covered, silent := 0, 0
		for range repeats {
			var reports []store.ComparedReport
			add := func(mean float64, inZone bool, begin time.Time) {
				for range int(distuv.Poisson{Lambda: mean, Src: w.Rand}.Rand()) {
					cell := w.cells[20+w.IntN(2)]
					for !inZone && (cell == zone[0] || cell == zone[1]) {
						cell = w.cells[w.IntN(len(w.cells))]
					}
					r := store.ComparedReport{Cell: w.inside(cell), OccurredFrom: begin.Add(time.Duration(w.IntN(360*24)) * time.Hour)}
					if w.Float64() < 0.7 { // the others are anonymous
						r.Reporter = uuid.New()
					}
					reports = append(reports, r)
					if w.Float64() < 0.3 && r.Reporter != uuid.Nil { // some report again and again
						reports = append(reports, r, r)
					}
				}
			}
			add(15, true, from)
			add(15*0.8*effect, true, at)
			add(80, false, from)
			add(80*0.8, false, at)
			z, ok := CompareZone(reports, zone, from, at, to).Change.Get()
			if !ok {
				t.Fatal("no answer")
			}
			if z.Interval.Contains(effect) {
				covered++
			}
			if z.Conclusion == hexstat.Inconclusive {
				silent++
			}
		}
		t.Logf("effect %g: covered %d, without conclusion %d of %d", effect, covered, silent, repeats)
		if covered < repeats*93/100 {
			t.Errorf("effect %g is covered %d times of %d", effect, covered, repeats)
		}
		if effect == 1 && silent < repeats*93/100 {
			t.Errorf("without effect, « pas de conclusion » %d times of %d", silent, repeats)
		}
	}
}

// Agreement of two resolutions is about verdicts at the same place.
func TestResolutionsAgree(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3)
	fine := w.cells[30]
	of := func(r hexgrid.Resolution, cell hexgrid.Cell, v hexstat.Verdict) Pattern {
		return Pattern{Resolution: r, Hexagons: []ChangedHexagon{{Cell: cell, Verdict: v}}}
	}
	for name, c := range map[string]struct {
		fine, coarse Pattern
		want         bool
	}{
		"both silent":      {of(10, fine, 0), of(9, fine.Parent(9), 0), true},
		"both fewer":       {of(10, fine, -1), of(9, fine.Parent(9), -1), true},
		"opposite":         {of(10, fine, -1), of(9, fine.Parent(9), 1), false},
		"only fine":        {of(10, fine, 1), of(9, fine.Parent(9), 0), false},
		"only coarse":      {of(10, fine, 0), of(9, fine.Parent(9), 1), false},
		"another hexagon":  {of(10, fine, 1), of(9, w.cells[0].Parent(9), 1), false},
		"nothing anywhere": {Pattern{Resolution: 10}, Pattern{Resolution: 9}, true},
	} {
		if got := agree(c.fine, c.coarse); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
