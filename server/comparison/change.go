package comparison

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"quietude/geo/hexgrid"
	"quietude/geo/hexstat"
	"quietude/server/store"
)

// SideFigures say what one side rests on.
type SideFigures struct {
	Atelier   *uuid.UUID `json:"atelier"`
	Titre     string     `json:"titre,omitempty"`
	From      time.Time  `json:"from"`
	To        time.Time  `json:"to"`
	Ateliers  int        `json:"ateliers"`
	People    int        `json:"people"`    // n
	Speakers  int        `json:"speakers"`  // of them, who said anything
	Voices    int        `json:"voices"`    // person × hexagon
	Anonymous int        `json:"anonymous"` // signalements without a known reporter
	Reports   int        `json:"signalements"`
}

// ChangedHexagon is what became of one hexagon.
type ChangedHexagon struct {
	Cell     hexgrid.Cell            `json:"h3"`
	Before   int                     `json:"before"`
	After    int                     `json:"after"`
	P        hexstat.Result[float64] `json:"p"`
	Adjusted hexstat.Result[float64] `json:"adjusted"`
	Verdict  hexstat.Verdict         `json:"verdict"`
}

// Pattern is a change as a map at one resolution.
type Pattern struct {
	Resolution hexgrid.Resolution `json:"resolution"`
	Hexagons   []ChangedHexagon   `json:"hexagons"` // where anybody spoke
	Compared   int                `json:"compared"` // hexagons tested, silent ones included
	Fewer      int                `json:"fewer"`
	More       int                `json:"more"`
	// Similarity is Andresen's S of the two patterns.
	Similarity hexstat.Result[float64] `json:"similarity"`
	Differing  int                     `json:"differing"`
}

// Visible is what these numbers of people could have shown.
type Visible struct {
	N1 int `json:"n1"`
	N2 int `json:"n2"`
	// Hexagons are the numbers that hexagons had on the first side, each once,
	// the largest first: where each had to go for the change to be seen.
	Hexagons []VisibleFrom `json:"hexagons"`
}

// VisibleFrom is the smallest visible change of a hexagon that From people named.
type VisibleFrom struct {
	From   int                                   `json:"from"`
	Change hexstat.Result[hexstat.VisibleChange] `json:"change"`
}

// visible looks at each hexagon alone: with the correction for many of them, it
// takes more.
func visible(a, b Sample) Visible {
	v := Visible{N1: a.People, N2: b.People, Hexagons: []VisibleFrom{}}
	for _, from := range slices.Backward(slices.Compact(slices.Sorted(slices.Values(a.Voices)))) {
		v.Hexagons = append(v.Hexagons, VisibleFrom{from, hexstat.SmallestVisibleChange(from, a.People, b.People, hexstat.Alpha)})
	}
	return v
}

// Change is the answer to « cela a-t-il changé ? ».
type Change struct {
	Measure Measure     `json:"measure"`
	Before  SideFigures `json:"before"`
	After   SideFigures `json:"after"`
	// Exposure says what the ratio divides by: participants, or days.
	Exposure string `json:"exposure"`
	// Ratio is after over before, of people who spoke per unit of exposure.
	Ratio hexstat.Result[hexstat.RateRatio] `json:"ratio"`
	// Residents compares how many hexagons a person names, after minus before.
	Residents hexstat.Result[hexstat.TotalsTest] `json:"residents"`
	Visible   Visible                            `json:"visible"`
	Pattern   Pattern                            `json:"pattern"`
	// Coarser is the same at the next coarser resolution; Agrees is false when
	// the two do not tell the same (the modifiable areal unit problem).
	Coarser *Pattern `json:"coarser"`
	Agrees  bool     `json:"agrees"`
}

// draws is the number of random splits of residents when not all are tried.
const draws = 9999

// Compare tells what changed in a quartier between two sides, at a resolution
// and the next coarser one. The seed is shown with the result.
func Compare(ctx context.Context, area orb.MultiPolygon, data store.Compared, before, after Side, m Measure, r hexgrid.Resolution, seed uint64,
) (Change, error) {
	ground, err := NewGround(area, r, data)
	if err != nil {
		return Change{}, err
	}
	a, b := ground.Take(data, before, m), ground.Take(data, after, m)
	c := Change{Measure: m, Before: figures(before, a), After: figures(after, b), Exposure: "participants", Agrees: true}
	n1, n2 := float64(a.People), float64(b.People)
	if m == Reports {
		c.Exposure, n1, n2 = "days", days(before), days(after)
	}
	c.Ratio = hexstat.CompareRates(b.Speakers(), n2, a.Speakers(), n1, hexstat.Level95)
	if c.Residents, err = hexstat.PermuteTotals(ctx, b.Totals(), a.Totals(), draws, seed); err != nil {
		return Change{}, err
	}
	c.Pattern = ground.pattern(a, b)
	c.Visible = visible(a, b)
	if r > hexgrid.Coarsest {
		coarse, err := NewGround(area, r-1, data)
		if err != nil {
			return Change{}, err
		}
		p := coarse.pattern(coarse.Take(data, before, m), coarse.Take(data, after, m))
		c.Coarser, c.Agrees = &p, agree(c.Pattern, p)
	}
	return c, nil
}

func days(s Side) float64 { return s.To.Sub(s.From).Hours() / 24 }

func figures(side Side, s Sample) SideFigures {
	f := SideFigures{From: side.From, To: side.To, Ateliers: len(s.Evenings), People: s.People, Speakers: s.Speakers(),
		Anonymous: s.Anonymous, Reports: s.Reports}
	for _, v := range s.Voices {
		f.Voices += v
	}
	if side.Atelier != uuid.Nil {
		f.Atelier = &side.Atelier
		for _, e := range s.Evenings {
			f.Titre, f.From, f.To = e.Titre, e.StartsAt, e.StartsAt
		}
	}
	return f
}

// pattern compares hexagon by hexagon. A hexagon in which nobody spoke is
// tested too, so that the answer does not depend on who was silent where, but
// not listed.
func (g *Ground) pattern(a, b Sample) Pattern {
	similarity := hexstat.Similarity(a.Voices, b.Voices)
	p := Pattern{Resolution: g.Resolution, Compared: len(g.Cells), Hexagons: []ChangedHexagon{}, Similarity: similarity.S, Differing: similarity.Differing}
	for i, h := range hexstat.CompareHexagons(a.Voices, b.Voices, a.People, b.People) {
		switch h.Verdict {
		case hexstat.Fewer:
			p.Fewer++
		case hexstat.More:
			p.More++
		}
		if h.First+h.Second > 0 {
			p.Hexagons = append(p.Hexagons, ChangedHexagon{Cell: g.Cells[i], Before: h.First, After: h.Second,
				P: h.P, Adjusted: h.Adjusted, Verdict: h.Verdict})
		}
	}
	return p
}

// agree tells whether each verdict of one resolution is found at the other, at
// the same place.
func agree(fine, coarse Pattern) bool {
	type verdict struct {
		cell hexgrid.Cell
		sign hexstat.Verdict
	}
	found := map[verdict]bool{}
	for _, h := range fine.Hexagons {
		if h.Verdict != hexstat.NoVerdict {
			found[verdict{h.Cell.Parent(coarse.Resolution), h.Verdict}] = true
		}
	}
	seen := 0
	for _, h := range coarse.Hexagons {
		if h.Verdict == hexstat.NoVerdict {
			continue
		}
		if !found[verdict{h.Cell, h.Verdict}] {
			return false
		}
		seen++
	}
	return seen == len(found)
}
