package geo

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// BorderDegrees is how near to a quartier a position is taken to be in it:
// 1e-9 degree, 0.1 mm, a hundredth of the stored grid. Two neighbours that
// share a border then both claim it, and the order of codes decides, rather
// than the rounding of a sign.
const BorderDegrees = 1e-9

// QuartierShape is a quartier as far as positions care: its code and its
// area in lon/lat degrees.
type QuartierShape struct {
	Code  string
	Shape orb.MultiPolygon
}

// Locator finds the quartier of a position. It never changes once made and
// may be used by many goroutines.
//
// Edges are kept per band of latitude, within a band by code: a position
// meets only the few edges at its own latitude.
type Locator struct {
	codes    []string // in byte order
	boxes    []Extent // of each quartier, widened by BorderDegrees
	box      Extent   // of all of them
	perBand  float64  // bands per degree of latitude
	bands    [][]group
	edgeData []edge
}

// group is the edges of one quartier in one band: a range of edgeData.
type group struct {
	quartier    int32
	first, last int32
}

type edge struct{ a, b orb.Point }

// NewLocator prepares the quartiers of one territoire, in any order; without
// any, no position is located. It
// refuses a repeated code (DuplicateCode), an empty one (MissingKey) and what
// ValidateMultiPolygon refuses; Feature then counts the shapes from 1.
func NewLocator(shapes []QuartierShape) (*Locator, error) {
	codes := map[string]bool{}
	for i, q := range shapes {
		if q.Code == "" {
			return nil, &Invalid{Reason: MissingKey, Feature: i + 1, Field: "code"}
		}
		if codes[q.Code] {
			return nil, &Invalid{Reason: DuplicateCode, Feature: i + 1, Field: "code", Value: q.Code}
		}
		codes[q.Code] = true
		if err := inFeature(i+1, validate(q.Shape, "coordinates", true)); err != nil {
			return nil, err
		}
	}
	ordered := slices.Clone(shapes)
	slices.SortFunc(ordered, func(a, b QuartierShape) int { return cmp.Compare(a.Code, b.Code) })
	l := &Locator{}
	for i, q := range ordered {
		box := widened(q.Shape.Bound())
		if i == 0 {
			l.box = box
		}
		l.box = Extent(orb.Bound(l.box).Union(orb.Bound(box)))
		l.codes = append(l.codes, q.Code)
		l.boxes = append(l.boxes, box)
	}
	if len(ordered) > 0 {
		l.fillBands(ordered)
	}
	return l, nil
}

// inFeature numbers the feature of an *Invalid; other errors pass.
func inFeature(feature int, err error) error {
	if bad, ok := err.(*Invalid); ok {
		bad.Feature = feature
	}
	return err
}

func widened(b orb.Bound) Extent { return Extent(b.Pad(2 * BorderDegrees)) }

// fillBands makes as many bands as keep an edge in eight of them on average,
// so that tall edges cannot fill the memory.
func (l *Locator) fillBands(ordered []QuartierShape) {
	perQuartier := make([][]edge, len(ordered))
	total := 0
	for i, q := range ordered {
		perQuartier[i] = edgesOf(q.Shape)
		total += len(perQuartier[i])
	}
	count := 1024
	for ; count > 1; count /= 2 {
		l.perBand = float64(count) / (l.box.Max[1] - l.box.Min[1])
		places := 0
		for _, edges := range perQuartier {
			for _, e := range edges {
				first, last := l.bandsOf(e)
				places += min(last, count-1) - first + 1
			}
		}
		if places <= 8*total {
			break
		}
	}
	l.perBand = float64(count) / (l.box.Max[1] - l.box.Min[1])
	inBand := make([][]edge, count)
	l.bands = make([][]group, count)
	for quartier, edges := range perQuartier {
		for _, e := range edges {
			first, last := l.bandsOf(e)
			for band := first; band <= min(last, count-1); band++ {
				inBand[band] = append(inBand[band], e)
			}
		}
		for band, here := range inBand {
			if len(here) == 0 {
				continue
			}
			start := len(l.edgeData)
			l.edgeData = append(l.edgeData, here...)
			l.bands[band] = append(l.bands[band], group{int32(quartier), int32(start), int32(len(l.edgeData))})
			inBand[band] = here[:0]
		}
	}
}

func edgesOf(mp orb.MultiPolygon) []edge {
	var edges []edge
	for _, p := range mp {
		for _, ring := range p {
			for i := 1; i < len(ring); i++ {
				edges = append(edges, edge{ring[i-1], ring[i]})
			}
		}
	}
	return edges
}

// bandsOf is the first and last band that a position touching e can be in.
// bandAt never decreases, so widening the latitudes widens the bands.
func (l *Locator) bandsOf(e edge) (first, last int) {
	low, high := math.Min(e.a[1], e.b[1]), math.Max(e.a[1], e.b[1])
	return l.bandAt(math.Max(low-2*BorderDegrees, l.box.Min[1])), l.bandAt(high + 2*BorderDegrees)
}

func (l *Locator) bandAt(latitude float64) int {
	return int((latitude - l.box.Min[1]) * l.perBand)
}

// Locate is the code of the quartier of p: the one whose area covers p; the
// first in byte order of the codes when p is within BorderDegrees of several.
// ok is false when p is in none. It agrees bit for bit with ST_DWithin of
// PostGIS, at the same distance and in the same order of codes: only the
// distance to a border decides near it, and that is computed as PostGIS does.
func (l *Locator) Locate(p orb.Point) (code string, ok bool) {
	if len(l.codes) == 0 || !l.box.Contains(p) {
		return "", false
	}
	band := min(l.bandAt(p[1]), len(l.bands)-1)
	for _, g := range l.bands[band] {
		if l.boxes[g.quartier].Contains(p) && covers(l.edgeData[g.first:g.last], p) {
			return l.codes[g.quartier], true
		}
	}
	return "", false
}

// covers applies the even-odd rule to the edges at the latitude of p, and
// takes p as covered when it is near one of them. The sign of a crossing can
// be wrong only much nearer than that.
func covers(edges []edge, p orb.Point) bool {
	odd := false
	for i := range edges {
		e := &edges[i]
		if nearEdge(p, e) {
			return true
		}
		a, b := e.a, e.b
		if (a[1] > p[1]) == (b[1] > p[1]) {
			continue
		}
		left := float64((b[0]-a[0])*(p[1]-a[1])) - float64((p[0]-a[0])*(b[1]-a[1]))
		if (left > 0) == (b[1] > a[1]) {
			odd = !odd
		}
	}
	return odd
}

func nearEdge(p orb.Point, e *edge) bool {
	const margin = 2 * BorderDegrees
	if p[0] < min(e.a[0], e.b[0])-margin || p[0] > max(e.a[0], e.b[0])+margin ||
		p[1] < min(e.a[1], e.b[1])-margin || p[1] > max(e.a[1], e.b[1])+margin {
		return false
	}
	return edgeDistance(p, e.a, e.b) <= BorderDegrees
}

// edgeDistance is the planar distance, in degrees, from p to the segment a b.
// It takes the steps of lw_dist2d_pt_seg in PostGIS 3.3 (measures.c), in its
// order. Conversions to float64 keep the compiler from fusing a product and
// a sum, which would round once where PostGIS rounds twice.
func edgeDistance(p, a, b orb.Point) float64 {
	if a == b {
		return pointDistance(p, a)
	}
	dx, dy := b[0]-a[0], b[1]-a[1]
	r := (float64((p[0]-a[0])*dx) + float64((p[1]-a[1])*dy)) / (float64(dx*dx) + float64(dy*dy))
	switch {
	case r < 0:
		return pointDistance(p, a)
	case r >= 1:
		return pointDistance(p, b)
	case float64((a[1]-p[1])*dx) == float64((a[0]-p[0])*dy):
		return 0
	}
	return pointDistance(p, orb.Point{a[0] + float64(r*dx), a[1] + float64(r*dy)})
}

func pointDistance(p, q orb.Point) float64 {
	dx, dy := q[0]-p[0], q[1]-p[1]
	return math.Sqrt(float64(dx*dx) + float64(dy*dy))
}
