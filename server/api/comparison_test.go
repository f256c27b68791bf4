package api_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
	"github.com/xuri/excelize/v2"

	"quietude/geo/hexgrid"
	"quietude/server/atelier"
	"quietude/server/auth"
	"quietude/server/pgtest"
	"quietude/server/store"
)

// ready asks for a figure until it is made, as the pages do.
func (n *node) ready(path string) *httptest.ResponseRecorder {
	n.t.Helper()
	for range 3000 {
		w := n.get(path) // each waits for the work, or for its turn on a busy machine
		if w.Code != http.StatusAccepted && w.Code != http.StatusServiceUnavailable {
			return w
		}
	}
	n.t.Fatalf("%s is never made", path)
	return nil
}

// comparedWorld is two ateliers of Bellevue a year apart and a year of
// signalements on each side, known to the test as plain lists.
type comparedWorld struct {
	*node
	first, second atelier.Atelier
	// said[atelier][person] are the cells (resolution 10) felt unsafe.
	said    map[uuid.UUID]map[uuid.UUID][]hexgrid.Cell
	n       map[uuid.UUID]int
	reports []store.ComparedReport
}

func newComparedWorld(t *testing.T) *comparedWorld {
	t.Helper()
	w := &comparedWorld{node: newNode(t), said: map[uuid.UUID]map[uuid.UUID][]hexgrid.Cell{}, n: map[uuid.UUID]int{}}
	chance := rand.New(rand.NewPCG(1, 2))
	area := pgtest.Quartiers(t)["BE"]
	spot := pgtest.InQuartier(t, area, nil)
	evening := func(year, people, atSpot int) atelier.Atelier {
		a := pgtest.Atelier(t, w.pool, func(a *atelier.Atelier) {
			a.Quartier, a.Titre, a.State = "BE", fmt.Sprintf("Atelier %d", year), "open"
			a.StartsAt = time.Date(year, 3, 12, 17, 30, 0, 0, time.UTC)
			a.ClosesAt = a.StartsAt.Add(5 * time.Hour)
		})
		w.said[a.ID] = map[uuid.UUID][]hexgrid.Cell{}
		for i := range people {
			who := uuid.New()
			places := []orb.Point{pgtest.InQuartier(t, area, chance)}
			if i < atSpot {
				places = append(places, spot, spot) // twice the same is one voice
			}
			for _, at := range places {
				m := pgtest.Marker(t, w.pool, a, func(m *atelier.Marker) {
					m.Author, m.Geometry, m.Themes, m.Table = who, at, []string{"OCC"}, 1+i%2
				})
				if cell := m.Cell.Parent(10); !slices.Contains(w.said[a.ID][who], cell) {
					w.said[a.ID][who] = append(w.said[a.ID][who], cell)
				}
			}
		}
		// One more sits down and says nothing; one marker is hidden.
		if _, err := w.pool.Exec(t.Context(), `insert into participant (territoire, atelier, id, numero, rang) values ($1, $2, $3, 1, 90)`,
			a.Territoire, a.ID, uuid.New()); err != nil {
			t.Fatal(err)
		}
		pgtest.Marker(t, w.pool, a, func(m *atelier.Marker) { m.Hidden, m.Table = true, 2 })
		w.n[a.ID] = people + 2 // the author of the hidden one sat there too
		return a
	}
	w.first, w.second = evening(2024, 19, 16), evening(2025, 18, 2)
	people := []uuid.UUID{uuid.New(), uuid.New(), uuid.New(), {}}
	for i := range 120 {
		at := time.Date(2024, 1, 1+i*6, 21, 40, 0, 0, time.UTC)
		s := pgtest.Signalement(t, w.pool, func(s *atelier.Signalement) {
			s.Quartier, s.OccurredFrom, s.OccurredTo = "BE", at, at.Add(time.Hour)
			s.Position, s.Reporter = pgtest.InQuartier(t, area, chance), people[i%len(people)]
			if i%3 == 0 {
				s.Position = spot
			}
		})
		w.reports = append(w.reports, store.ComparedReport{Quartier: "BE", Cell: s.Cell, Reporter: s.Reporter, OccurredFrom: at})
	}
	return w
}

// voices counts, on its own, the people of an atelier in each hexagon.
func (w *comparedWorld) voices(a atelier.Atelier) map[string]int {
	out := map[string]int{}
	for _, cells := range w.said[a.ID] {
		for _, c := range cells {
			out[c.String()]++
		}
	}
	return out
}

type known struct {
	Value  *float64
	Reason string
}
type limits struct{ Lo, Hi float64 }

// wilson is the formula as it is printed, for z = Φ⁻¹(0.975).
func wilson(x, n float64) limits {
	const z = 1.959963984540054
	p := x / n
	half := z * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return limits{math.Max(0, (p+z*z/(2*n)-half)/(1+z*z/n)), math.Min(1, (p+z*z/(2*n)+half)/(1+z*z/n))}
}

func choose(n, k int) float64 {
	if k < 0 || k > n {
		return 0
	}
	c := 1.0
	for i := range k {
		c *= float64(n-i) / float64(i+1)
	}
	return c
}

// fisher sums the tables that are no more likely than the one seen.
func fisher(a, n1, c, n2 int) float64 {
	mass := func(k int) float64 { return choose(n1, k) * choose(n2, a+c-k) / choose(n1+n2, a+c) }
	p, seen := 0.0, mass(a)
	for k := range a + c + 1 {
		if m := mass(k); m <= seen*(1+1e-7) {
			p += m
		}
	}
	return math.Min(1, p)
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if math.Abs(got-want) > tolerance {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func TestPortrait(t *testing.T) {
	t.Parallel()
	w := newComparedWorld(t)
	var p struct {
		Participants, Signalements, Reporters, Anonymous int
		Ateliers                                         []struct {
			ID           uuid.UUID
			Participants int
			Unsafe       struct {
				People, N int
				Interval  struct{ Value *limits }
			}
		}
		Themes []struct {
			Theme     string
			Residents struct{ People, N int }
		}
		Hours  [7][24]float64
		Months []struct {
			Month                   string
			Signalements, Reporters int
			Interval                limits
		}
		Panels []struct {
			Key          string
			Participants int
			Hexagons     []struct {
				H3     string
				Unsafe int
				Share  struct{ Value *limits } `json:"unsafe_interval"`
			}
		}
		Cells map[string][][2]float64
	}
	w.into(w.ready("/api/v1/quartiers/BE/portrait"), http.StatusOK, &p)
	if p.Participants != w.n[w.first.ID]+w.n[w.second.ID] || p.Signalements != 120 || p.Anonymous != 30 || p.Reporters != 33 || len(p.Ateliers) != 2 {
		t.Fatalf("%+v", p)
	}
	first := p.Ateliers[0]
	if first.ID != w.first.ID || first.Participants != 21 || first.Unsafe.People != 19 || first.Unsafe.N != 21 {
		t.Errorf("first atelier: %+v", first)
	}
	want := wilson(19, 21)
	near(t, "Wilson low", first.Unsafe.Interval.Value.Lo, want.Lo, 1e-9)
	near(t, "Wilson high", first.Unsafe.Interval.Value.Hi, want.Hi, 1e-9)
	for _, theme := range p.Themes {
		if expected := map[string]int{"OCC": 37}[theme.Theme]; theme.Residents.People != expected {
			t.Errorf("%s is named by %d residents, want %d", theme.Theme, theme.Residents.People, expected)
		}
	}
	total := 0.0
	for d := range p.Hours {
		for h, v := range p.Hours[d] {
			total += v
			if v > 0 && !slices.Contains([]int{22, 23, 0}, h) { // 21:40 UTC to 22:40 is 22 h 40 or 23 h 40 in Chambéry
				t.Errorf("something at %d h", h)
			}
		}
	}
	near(t, "the strip", total, 120, 1e-9)
	reports := 0
	for _, m := range p.Months {
		reports += m.Signalements
		if m.Signalements < m.Reporters || m.Interval.Lo > float64(m.Reporters) || m.Interval.Hi < float64(m.Reporters) {
			t.Errorf("%+v", m)
		}
	}
	if reports != 120 || p.Months[0].Month != "2024-01" || p.Months[len(p.Months)-1].Month != "2026-03" {
		t.Errorf("%d signalements in %d months", reports, len(p.Months))
	}
	if len(p.Panels) != 2 {
		t.Fatalf("%d panels", len(p.Panels))
	}
	for i, a := range []atelier.Atelier{w.first, w.second} {
		voices := w.voices(a)
		if len(p.Panels[i].Hexagons) != len(voices) {
			t.Errorf("panel %d has %d hexagons, want %d", i, len(p.Panels[i].Hexagons), len(voices))
		}
		for _, h := range p.Panels[i].Hexagons {
			if h.Unsafe != voices[h.H3] || len(p.Cells[h.H3]) != 7 {
				t.Errorf("%s: %d voices, want %d; %d corners", h.H3, h.Unsafe, voices[h.H3], len(p.Cells[h.H3]))
			}
			near(t, h.H3, h.Share.Value.Hi, wilson(float64(h.Unsafe), float64(w.n[a.ID])).Hi, 1e-9)
		}
	}
	// By year, a period cuts what it shows.
	w.into(w.ready("/api/v1/quartiers/BE/portrait?par=annee&from=2025-01-01&to=2025-12-31"), http.StatusOK, &p)
	if len(p.Panels) != 1 || p.Panels[0].Key != "2025" || p.Participants != w.n[w.second.ID] {
		t.Errorf("2025: %d panels, %d participants", len(p.Panels), p.Participants)
	}
}

func TestChangeBetweenAteliers(t *testing.T) {
	t.Parallel()
	w := newComparedWorld(t)
	var c struct {
		Ratio struct {
			Value *struct {
				Ratio known
				Exact struct {
					Lo float64
					Hi known
				}
			}
		}
		Residents struct {
			Value *struct {
				Difference float64
				P          float64 `json:"p_two_sided"`
			}
		}
		Visible struct {
			N1, N2   int
			Hexagons []struct {
				From   int
				Change struct{ Value *struct{ Fall, Rise known } }
			}
		}
		Pattern struct {
			Compared, Fewer, More int
			Similarity            known
			Hexagons              []struct {
				H3            string
				Before, After int
				P, Adjusted   known
				Verdict       int
			}
		}
		Coarser *struct{ Resolution, Fewer, More int }
		Agrees  bool
	}
	path := fmt.Sprintf("/api/v1/quartiers/BE/changement?avant=%s&apres=%s", w.first.ID, w.second.ID)
	w.into(w.ready(path), http.StatusOK, &c)
	n1, n2 := w.n[w.first.ID], w.n[w.second.ID]
	before, after := w.voices(w.first), w.voices(w.second)
	// Fisher and Benjamini–Hochberg by hand, silent hexagons with p = 1.
	p := map[string]float64{}
	for h := range before {
		p[h] = fisher(before[h], n1, after[h], n2)
	}
	for h := range after {
		p[h] = fisher(before[h], n1, after[h], n2)
	}
	sorted := make([]float64, 0, c.Pattern.Compared)
	for _, v := range p {
		sorted = append(sorted, v)
	}
	for len(sorted) < c.Pattern.Compared {
		sorted = append(sorted, 1)
	}
	slices.Sort(sorted)
	adjusted := func(v float64) float64 {
		best := 1.0
		for rank := len(sorted); rank >= 1; rank-- {
			if sorted[rank-1] >= v-1e-12 {
				best = math.Min(best, sorted[rank-1]*float64(len(sorted))/float64(rank))
			}
		}
		return best
	}
	fewer := 0
	for _, h := range c.Pattern.Hexagons {
		if h.Before != before[h.H3] || h.After != after[h.H3] {
			t.Errorf("%s: %d and %d, want %d and %d", h.H3, h.Before, h.After, before[h.H3], after[h.H3])
		}
		near(t, h.H3+" p", *h.P.Value, p[h.H3], 1e-9)
		near(t, h.H3+" adjusted", *h.Adjusted.Value, adjusted(p[h.H3]), 1e-9)
		if h.Verdict == -1 {
			fewer++
		}
		if (h.Verdict != 0) != (*h.Adjusted.Value <= 0.05) {
			t.Errorf("%s: verdict %d at %v", h.H3, h.Verdict, *h.Adjusted.Value)
		}
	}
	// 16 of 21 against 2 of 20 at the spot is what was planted.
	if fewer != 1 || c.Pattern.Fewer != 1 || c.Pattern.More != 0 || len(c.Pattern.Hexagons) != len(p) {
		t.Errorf("%d fewer, pattern %d/%d of %d", fewer, c.Pattern.Fewer, c.Pattern.More, len(c.Pattern.Hexagons))
	}
	near(t, "rate ratio", *c.Ratio.Value.Ratio.Value, 18./float64(n2)/(19./float64(n1)), 1e-12)
	sum := func(m map[string]int) (s float64) {
		for _, v := range m {
			s += float64(v)
		}
		return s
	}
	near(t, "difference per resident", c.Residents.Value.Difference, sum(after)/float64(n2)-sum(before)/float64(n1), 1e-9)
	if c.Residents.Value.P > 0.05 {
		t.Errorf("residents name fewer places, p = %v", c.Residents.Value.P)
	}
	// For every number that a hexagon had, the largest later one that Fisher tells from it.
	if len(c.Visible.Hexagons) < 3 || c.Visible.Hexagons[0].From < 16 || c.Visible.N1 != n1 || c.Visible.N2 != n2 {
		t.Fatalf("visible %+v", c.Visible)
	}
	for i, v := range c.Visible.Hexagons {
		fall := -1
		for k := range n2 + 1 {
			if float64(k)/float64(n2) < float64(v.From)/float64(n1) && fisher(v.From, n1, k, n2) <= 0.05 {
				fall = k
			}
		}
		got := -1
		if f := v.Change.Value.Fall.Value; f != nil {
			got = int(*f)
		}
		if got != fall || i > 0 && v.From >= c.Visible.Hexagons[i-1].From {
			t.Errorf("from %d: a fall to %d is visible, want %d", v.From, got, fall)
		}
	}
	if c.Coarser == nil || c.Coarser.Resolution != 9 {
		t.Errorf("coarser: %+v", c.Coarser)
	}
	// The other way round every verdict turns.
	w.into(w.ready(fmt.Sprintf("/api/v1/quartiers/BE/changement?avant=%s&apres=%s", w.second.ID, w.first.ID)), http.StatusOK, &c)
	if c.Pattern.More != 1 || c.Pattern.Fewer != 0 {
		t.Errorf("reversed: %d more, %d fewer", c.Pattern.More, c.Pattern.Fewer)
	}
}

// One test of shared places serves police and planners; n is all who took part.
func TestSharedPlaces(t *testing.T) {
	t.Parallel()
	w := newComparedWorld(t)
	small := pgtest.Atelier(t, w.pool, func(a *atelier.Atelier) { a.Quartier = "BE" })
	pgtest.Marker(t, w.pool, small)
	w.maps.Touch(pgtest.Chambery)
	var s struct {
		Ateliers []struct {
			Atelier                      string
			Participants, Speakers, Maps int
			Places                       []struct {
				H3       string
				Hexagons []string
				Of       int
				People   int
				P        float64
			}
			Why *struct{ Code string }
		}
	}
	w.into(w.ready("/api/v1/statistiques/accords?quartier=BE&atelier="+w.first.ID.String()), http.StatusOK, &s)
	spot, err := hexgrid.CellOf(pgtest.InQuartier(t, pgtest.Quartiers(t)["BE"], nil), 11)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Ateliers) != 1 || s.Ateliers[0].Participants != 21 || s.Ateliers[0].Speakers != 19 || len(s.Ateliers[0].Places) != 1 {
		t.Fatalf("%+v", s)
	}
	place := s.Ateliers[0].Places[0]
	if !slices.Contains(place.Hexagons, spot.Parent(10).String()) || place.P != 0.001 || place.People < 16 || place.Of != 21 {
		t.Errorf("%+v does not hold the spot %v", place, spot.Parent(10))
	}
	// Too few people are no test.
	w.into(w.ready("/api/v1/statistiques/accords?quartier=BE&atelier="+small.ID.String()), http.StatusOK, &s)
	if len(s.Ateliers) != 1 || s.Ateliers[0].Why == nil || s.Ateliers[0].Why.Code != "too_few_participants" {
		t.Errorf("two people: %+v", s.Ateliers)
	}
}

func TestBeforeAfter(t *testing.T) {
	t.Parallel()
	w := newComparedWorld(t)
	cell, err := hexgrid.CellOf(pgtest.InQuartier(t, pgtest.Quartiers(t)["BE"], nil), 11)
	if err != nil {
		t.Fatal(err)
	}
	zone := cell.Parent(10)
	var z struct {
		Signalements, Anonymous int
		Change                  struct {
			Value *struct {
				Counts     struct{ Zone_before, Zone_after, Rest_before, Rest_after int }
				Ratio      known
				Conclusion string
			}
		}
	}
	w.into(w.ready("/api/v1/quartiers/BE/avant-apres?hexagones="+zone.String()+"&date=2025-01-01&mois=12"), http.StatusOK, &z)
	at := time.Date(2024, 12, 31, 23, 0, 0, 0, time.UTC)
	seen := map[string]bool{}
	for i, r := range w.reports {
		if !r.OccurredFrom.Before(at.AddDate(1, 0, 0)) || r.OccurredFrom.Before(at.AddDate(-1, 0, 0)) {
			continue
		}
		who := r.Reporter.String()
		if r.Reporter == uuid.Nil {
			who = fmt.Sprint("nobody ", i)
		}
		seen[fmt.Sprint(who, " ", r.Cell.Parent(10) == zone, " ", !r.OccurredFrom.Before(at))] = true
	}
	want := map[string]int{}
	for key := range seen {
		switch {
		case bytes.HasSuffix([]byte(key), []byte("true false")):
			want["zb"]++
		case bytes.HasSuffix([]byte(key), []byte("true true")):
			want["za"]++
		case bytes.HasSuffix([]byte(key), []byte("false true")):
			want["ra"]++
		default:
			want["rb"]++
		}
	}
	c := z.Change.Value.Counts
	if c.Zone_before != want["zb"] || c.Zone_after != want["za"] || c.Rest_before != want["rb"] || c.Rest_after != want["ra"] {
		t.Errorf("%+v, want %v", c, want)
	}
	if z.Change.Value.Conclusion != "inconclusive" {
		t.Errorf("nothing changed, and the answer is %s", z.Change.Value.Conclusion)
	}
	// An action brings its own zone and day.
	zoneBefore := z.Change.Value.Counts
	for _, c := range []struct{ id, geometry, done, code string }{
		{uuid.NewString(), fmt.Sprintf("POINT(%f %f)", zone.Centre()[0], zone.Centre()[1]), "2025-01-01", ""},
		{uuid.NewString(), "", "2025-01-01", "action_sans_lieu"},
		{uuid.NewString(), fmt.Sprintf("POINT(%f %f)", zone.Centre()[0], zone.Centre()[1]), "", "date_absente"},
	} {
		if _, err := w.pool.Exec(t.Context(), `insert into action (territoire, id, quartier, code, titre, state, geom, done_on)
			values ($1, $2, 'BE', 'TEC', 'Éclairage', case when $4 = '' then 'planned' else 'done' end,
				st_geomfromtext(nullif($3, ''), 4326), nullif($4, '')::date)`,
			pgtest.Chambery, c.id, c.geometry, c.done); err != nil {
			t.Fatal(err)
		}
		answered := w.ready("/api/v1/quartiers/BE/avant-apres?action=" + c.id)
		if c.code != "" {
			var p struct{ Code string }
			w.into(answered, http.StatusUnprocessableEntity, &p)
			if p.Code != c.code {
				t.Errorf("%s, want %s", p.Code, c.code)
			}
			continue
		}
		var of struct {
			Hexagons []string
			Change   struct {
				Value struct {
					Counts struct{ Zone_before, Zone_after int }
				}
			}
		}
		w.into(answered, http.StatusOK, &of)
		if len(of.Hexagons) != 7 || of.Change.Value.Counts.Zone_before < zoneBefore.Zone_before {
			t.Errorf("%d hexagons, %+v", len(of.Hexagons), of.Change.Value.Counts)
		}
	}
}

func TestComparisons(t *testing.T) {
	t.Parallel()
	w := newComparedWorld(t)
	a := pgtest.Atelier(t, w.pool)
	for range 10 {
		pgtest.Marker(t, w.pool, a)
	}
	var b struct {
		Per    string
		Year   int
		Source string
		Mean   known
		Places []struct {
			Quartier string
			People   int
			Exposure float64
			Raw      known
			Interval struct{ Value *limits }
			Shrunk   struct {
				Value *struct{ Rate, Weight float64 }
			}
		}
		Funnel []struct{ Exposure float64 }
		Pairs  []struct {
			First, Second string
			Ratio         struct{ Value *struct{ Ratio known } }
		}
	}
	w.into(w.ready("/api/v1/comparaisons?quartiers=BE,CE"), http.StatusOK, &b)
	// Marshall by hand: O and P of the two quartiers that had an atelier.
	o, p := []float64{37, 10}, []float64{41, 10}
	m := (o[0] + o[1]) / (p[0] + p[1])
	spread := 0.0
	for i := range o {
		spread += p[i] * (o[i]/p[i] - m) * (o[i]/p[i] - m) / (p[0] + p[1])
	}
	between := math.Max(0, spread-m*2/(p[0]+p[1]))
	near(t, "mean", *b.Mean.Value, m, 1e-12)
	found := 0
	for _, place := range b.Places {
		i := slices.Index([]string{"BE", "CE"}, place.Quartier)
		if i < 0 {
			if place.Raw.Value != nil || place.Raw.Reason != "no_population" {
				t.Errorf("%s had no atelier and has a rate", place.Quartier)
			}
			continue
		}
		found++
		near(t, place.Quartier, *place.Raw.Value, o[i]/p[i], 1e-12)
		near(t, place.Quartier, place.Interval.Value.Lo, wilson(o[i], p[i]).Lo, 1e-9)
		weight := between / (between + m/p[i])
		near(t, place.Quartier+" shrunk", place.Shrunk.Value.Rate, m+weight*(o[i]/p[i]-m), 1e-12)
	}
	if found != 2 || len(b.Places) != 7 || len(b.Pairs) != 1 || len(b.Funnel) < 10 || b.Per != "participants" {
		t.Errorf("%d places, %d pairs, %d points", len(b.Places), len(b.Pairs), len(b.Funnel))
	}
	near(t, "pair", *b.Pairs[0].Ratio.Value.Ratio.Value, o[0]/p[0]/(o[1]/p[1]), 1e-12)
	// Per inhabitant only after figures were imported.
	w.into(w.ready("/api/v1/comparaisons?quartiers=BE,CE&taux=signalements"), http.StatusOK, &b)
	if b.Mean.Value != nil || b.Mean.Reason != "no_population" || len(b.Funnel) != 0 || b.Year != 0 {
		t.Errorf("without population figures: %+v", b)
	}
	if _, err := w.store.ReplacePopulation(context.Background(), pgtest.Chambery, []store.Population{
		{Quartier: "BE", Annee: 2020, Habitants: 1, Source: "vieux"}, {Quartier: "BE", Annee: 2022, Habitants: 3000, Source: "essai"},
		{Quartier: "CE", Annee: 2022, Habitants: 9000, Source: "essai"}}); err != nil {
		t.Fatal(err)
	}
	w.into(w.ready("/api/v1/comparaisons?quartiers=BE,CE&taux=signalements"), http.StatusOK, &b)
	if b.Mean.Value == nil || b.Year != 2022 || b.Source != "essai" {
		t.Fatalf("with population figures: %+v", b)
	}
	near(t, "per inhabitant", *b.Mean.Value, 33./12000, 1e-12)
}

// FAULTS 59: with itself, of another city, of nothing.
func TestComparisonsRefuse(t *testing.T) {
	t.Parallel()
	w := newComparedWorld(t)
	elsewhere := pgtest.Atelier(t, w.pool) // of another quartier
	first := w.first.ID.String()
	for path, want := range map[string]struct {
		status int
		code   string
	}{
		"/api/v1/quartiers/ZZ/portrait":                                                                                          {404, "quartier_inconnu"},
		"/api/v1/quartiers/BE/portrait?territoire=69123":                                                                         {404, "territoire_inconnu"},
		"/api/v1/quartiers/BE/portrait?resolution=15":                                                                            {400, "parametre_invalide"},
		"/api/v1/quartiers/BE/portrait?from=2025-02-01&to=2025-01-01":                                                            {400, "periode_inversee"},
		"/api/v1/quartiers/BE/portrait?format=csv&figure=non":                                                                    {400, "figure_inconnue"},
		"/api/v1/comparaisons?quartiers=BE,BE":                                                                                   {422, "comparaison_identique"},
		"/api/v1/comparaisons?quartiers=BE":                                                                                      {422, "comparaison_seule"},
		"/api/v1/comparaisons?quartiers=BE,PARIS11":                                                                              {422, "quartier_hors_territoire"},
		"/api/v1/quartiers/BE/changement?avant=" + first + "&apres=" + first:                                                     {422, "comparaison_identique"},
		"/api/v1/quartiers/BE/changement?avant=" + first + "&apres=" + elsewhere.ID.String():                                     {422, "atelier_hors_quartier"},
		"/api/v1/quartiers/BE/changement?avant=" + first + "&apres=" + uuid.NewString():                                          {422, "atelier_hors_quartier"},
		"/api/v1/quartiers/BE/changement?avant=" + first + "&apres=2025-01-01..2025-06-30":                                       {422, "comparaison_inegale"},
		"/api/v1/quartiers/BE/changement?avant=2024-01-01..2024-12-31&apres=2024-12-01..2025-12-31":                              {422, "periodes_superposees"},
		"/api/v1/quartiers/BE/changement?mesure=signalements&avant=" + first + "&apres=" + w.second.ID.String():                  {422, "periode_attendue"},
		"/api/v1/quartiers/BE/changement?avant=2024-01-01..2024-12-31&apres=2030-01-01..2030-12-31":                              {422, "periode_future"},
		"/api/v1/quartiers/BE/changement?avant=hier&apres=demain":                                                                {400, "parametre_invalide"},
		"/api/v1/quartiers/BE/changement?avant=2024-13-01..2024-12-31&apres=2025-01-01..2025-12-31":                              {400, "date_invalide"},
		"/api/v1/quartiers/BE/avant-apres?hexagones=zzzzzzzzzzzzzzz&date=2025-01-01":                                             {400, "hexagone_invalide"},
		"/api/v1/quartiers/BE/avant-apres?hexagones=" + w.cellIn("CE") + "&date=2025-01-01":                                      {422, "zone_hors_quartier"},
		"/api/v1/quartiers/BE/avant-apres?hexagones=" + w.cellIn("BE") + "&date=2031-01-01":                                      {422, "date_future"},
		"/api/v1/quartiers/BE/changement?avant=2024-01-01..2024-12-31&apres=2025-01-01..2025-12-31&mesure=signalements&figure=A": {400, "parametre_invalide"},
	} {
		r := w.ready(path)
		var p struct{ Code string }
		w.into(r, want.status, &p)
		if p.Code != want.code {
			t.Errorf("%s: %s, want %s", path, p.Code, want.code)
		}
	}
}

func (w *comparedWorld) cellIn(quartier string) string {
	w.t.Helper()
	cell, err := hexgrid.CellOf(pgtest.InQuartier(w.t, pgtest.Quartiers(w.t)[quartier], nil), 10)
	if err != nil {
		w.t.Fatal(err)
	}
	return cell.String()
}

// Every figure leaves in every format that it has, with what it rests on.
func TestFiguresAreExported(t *testing.T) {
	t.Parallel()
	w := newComparedWorld(t)
	w.node = w.by(auth.Analyste)
	change := fmt.Sprintf("changement?avant=%s&apres=%s", w.first.ID, w.second.ID)
	for _, path := range []string{
		"/api/v1/quartiers/BE/portrait?", "/api/v1/statistiques/accords?quartier=BE&", "/api/v1/statistiques/concentrations?quartier=BE&",
		"/api/v1/statistiques/hexagones?", "/api/v1/statistiques/vue?theme=BRU&hours=18-23&", "/api/v1/statistiques/communales?", "/api/v1/quartiers/BE/" + change + "&",
		"/api/v1/quartiers/BE/changement?avant=2024-01-01..2024-12-31&apres=2025-01-01..2025-12-31&mesure=signalements&",
		"/api/v1/quartiers/BE/avant-apres?hexagones=" + w.cellIn("BE") + "&date=2025-01-01&", "/api/v1/comparaisons?quartiers=BE,CE&",
		"/api/v1/statistiques/densite?", "/api/v1/statistiques/densite?felt=unsafe&",
	} {
		book := w.ready(path + "format=xlsx")
		f, err := excelize.OpenReader(book.Body)
		if err != nil {
			t.Errorf("%s: %v: %s", path, err, book.Body)
			continue
		}
		sheets := f.GetSheetList()
		about := len(sheets) - 1 // the last sheet explains the columns of the others
		if sheets[about] != "colonnes" {
			t.Errorf("%s: sheets %q", path, sheets)
		}
		for _, sheet := range sheets[:about] {
			table := w.ready(path + "format=csv&figure=" + sheet)
			rows, err := csv.NewReader(table.Body).ReadAll()
			if err != nil || table.Code != http.StatusOK || len(rows) == 0 {
				t.Errorf("%s %s: %d, %v", path, sheet, table.Code, err)
				continue
			}
			if !slices.Equal(rows[0][len(rows[0])-5:], []string{"source", "periode", "n", "reserve", "etabli_le"}) {
				t.Errorf("%s %s: %q", path, sheet, rows[0])
			}
			cells, _ := f.GetRows(sheet)
			if len(cells) != len(rows)+7 {
				t.Errorf("%s %s: %d rows in the workbook, %d in the table", path, sheet, len(cells), len(rows))
			} else if heads := strings.Join(cells[7], " "); strings.ContainsAny(heads, "_") {
				t.Errorf("%s %s: headings for programs: %s", path, sheet, heads)
			}
		}
		_ = f.Close()
		if w.ready(path+"format=geojson").Code == http.StatusNotAcceptable {
			continue // no map
		}
		var m struct {
			Contexte, Colonnes map[string]string
			Features           []struct{ Properties map[string]any }
		}
		w.into(w.ready(path+"format=geojson"), http.StatusOK, &m)
		for _, one := range m.Features {
			for name := range one.Properties {
				if m.Colonnes[name] == "" {
					t.Errorf("%s: nobody says what %q means", path, name)
				}
			}
		}
		if m.Contexte["source"] == "" || m.Contexte["n"] == "" || m.Contexte["reserve"] == "" || m.Contexte["etabli_le"] != "2026-03-20" {
			t.Errorf("%s: context %v", path, m.Contexte)
		}
	}
}

// A new marker is another figure: what is kept is kept by revision.
func TestFiguresFollowTheData(t *testing.T) {
	t.Parallel()
	w := newComparedWorld(t)
	var p struct{ Participants, Signalements int }
	w.into(w.ready("/api/v1/quartiers/BE/portrait"), http.StatusOK, &p)
	before := p.Participants
	pgtest.Marker(t, w.pool, w.second)
	pgtest.Signalement(t, w.pool, func(s *atelier.Signalement) { s.Quartier = "BE" })
	w.maps.Touch(pgtest.Chambery)
	w.into(w.ready("/api/v1/quartiers/BE/portrait"), http.StatusOK, &p)
	if p.Participants != before+1 || p.Signalements != 121 {
		t.Errorf("%+v after %d participants", p, before)
	}
}
