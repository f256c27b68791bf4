package hexcube

import (
	"fmt"
	"math"
	"slices"

	"quietude/geo/hexgrid"
)

// Revision is the caller's version of the data, for example a position in its
// log. It never decreases.
type Revision uint64

// Filter says which rows count. Its zero value keeps everything.
type Filter struct {
	Source Source
	// Felt keeps one felt; FeltNone keeps all. As a signalement has no felt,
	// Unsafe and Safe keep markers only.
	Felt Felt
	// Themes keeps rows with at least one of them; the empty set keeps all,
	// rows without theme included.
	Themes ThemeSet
	// Hours keeps rows whose hour of the week is in the set; the empty set
	// keeps all, rows without hour included.
	Hours HourSet
	// Atelier keeps the markers of one atelier; 0 keeps all.
	Atelier uint32
	// Origins keeps the signalements of some origins; nil keeps all.
	Origins []uint16
	// From and To keep From ≤ At < To, in Unix seconds; 0 is an open end.
	From, To int64
}

// everyRow is true when the filter keeps all rows of the shelves that it keeps.
func (f Filter) everyRow() bool {
	return f.Themes == 0 && f.Hours == HourSet{} && f.Atelier == 0 && f.Origins == nil && f.From <= 0 && f.To == 0
}

// keeps tells whether the shelf of a felt takes part.
func (f Filter) keeps(felt Felt) bool {
	return (f.Source == AnySource || f.Source == felt.source()) &&
		(f.Felt == FeltNone || f.Felt == felt) &&
		(f.Atelier == 0 || felt != FeltNone) && (f.Origins == nil || felt == FeltNone)
}

// period returns the bounds of At as the columns hold it.
func (f Filter) period() (from, to uint32) {
	clamp := func(t int64) uint32 { return uint32(min(max(t, 0), math.MaxUint32)) }
	if f.To == 0 {
		return clamp(f.From), math.MaxUint32
	}
	return clamp(f.From), clamp(f.To)
}

// Range is a set of cells that follow each other in H3 order: all cells at
// resolution hexgrid.Stored from First to Last, both included. It is an alias
// so that packages that make ranges need not import this one.
type Range = struct{ First, Last hexgrid.Cell }

// Query asks for the counts of some hexagons.
type Query struct {
	Filter
	// Resolution of the hexagons, from 0 to hexgrid.Stored.
	Resolution hexgrid.Resolution
	// Quartier keeps the rows of one quartier; 0 keeps the whole territoire.
	Quartier uint16
	// Ranges limits the answer to these hexagons; nil means everywhere. A range
	// that cuts a hexagon of the asked resolution takes it whole, so that its
	// counts are the same in every answer.
	Ranges []Range
	// Reporters asks for the distinct reporters of signalements too. Where rows
	// are filtered or have changed since the load, it costs a visit to those who
	// sent several signalements in the same hexagon.
	Reporters bool
}

func (q Query) check() error {
	switch {
	case q.Resolution < 0 || q.Resolution > hexgrid.Stored:
		return fmt.Errorf("hexcube: resolution %d is not between 0 and %d", q.Resolution, hexgrid.Stored)
	case q.Felt >= felts:
		return fmt.Errorf("hexcube: felt %d is unknown", q.Felt)
	case q.Source > Signalements:
		return fmt.Errorf("hexcube: source %d is unknown", q.Source)
	case q.Themes&^allThemes != 0:
		return fmt.Errorf("hexcube: theme set %b is unknown", q.Themes)
	case q.From < 0 || q.To < 0 || q.To != 0 && q.From > q.To:
		return fmt.Errorf("hexcube: period from %d to %d is empty or before 1970", q.From, q.To)
	}
	for _, day := range q.Hours {
		if day >= 1<<hoursPerDay {
			return fmt.Errorf("hexcube: hours %b are unknown", day)
		}
	}
	for _, r := range q.Ranges {
		if r.First.Resolution() != hexgrid.Stored || r.Last.Resolution() != hexgrid.Stored || r.First > r.Last {
			return fmt.Errorf("hexcube: %x to %x is not a range of cells at resolution %d", int64(r.First), int64(r.Last), hexgrid.Stored)
		}
	}
	return nil
}

// wholeHexagons widens ranges to hexagons of a resolution and returns them in
// order without overlap. nil stays nil.
func wholeHexagons(ranges []Range, resolution hexgrid.Resolution) []Range {
	if ranges == nil {
		return nil
	}
	whole := make([]Range, len(ranges))
	for i, r := range ranges {
		whole[i].First, _ = r.First.Parent(resolution).DescendantRange(hexgrid.Stored)
		_, whole[i].Last = r.Last.Parent(resolution).DescendantRange(hexgrid.Stored)
	}
	slices.SortFunc(whole, func(a, b Range) int { return compareCells(a.First, b.First) })
	merged := whole[:0]
	for _, r := range whole {
		if n := len(merged); n > 0 && r.First <= merged[n-1].Last {
			merged[n-1].Last = max(merged[n-1].Last, r.Last)
			continue
		}
		merged = append(merged, r)
	}
	return merged
}

// Count is what was found in one hexagon. At least one number is not zero.
type Count struct {
	Cell hexgrid.Cell
	// Unsafe and Safe are voices: distinct people who marked the hexagon so.
	Unsafe, Safe int32
	// Reporters are the distinct people who sent its signalements, if asked.
	Reporters int32
	// UnsafeMarkers, SafeMarkers and Signalements are additive over children.
	UnsafeMarkers, SafeMarkers, Signalements int32
}

// Markers is the number of markers of both kinds.
func (c Count) Markers() int32 { return c.UnsafeMarkers + c.SafeMarkers }

// Contested is 1 − |u−s|/(u+s): 1 when as many voices say unsafe as safe, 0
// when all agree. It is false when nobody spoke.
func (c Count) Contested() (float64, bool) {
	voices := c.Unsafe + c.Safe
	if voices == 0 {
		return 0, false
	}
	return 1 - float64(max(c.Unsafe-c.Safe, c.Safe-c.Unsafe))/float64(voices), true
}

func (c Count) empty() bool {
	return c.Unsafe|c.Safe|c.Reporters|c.UnsafeMarkers|c.SafeMarkers|c.Signalements == 0
}

func compareCells(a, b hexgrid.Cell) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
