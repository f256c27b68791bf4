package hexcube

import (
	"cmp"
	"slices"
	"unsafe"

	"quietude/geo/hexgrid"
)

// history remembers when places changed last.
type history struct {
	loaded    Revision // when everything did
	last      Revision
	cells     []change[hexgrid.Cell] // at historyResolution, ascending
	quartiers []change[uint16]       // ascending
}

// change says when one place, a cell or a quartier, changed last.
type change[P cmp.Ordered] struct {
	of P
	at Revision
}

// historyResolution is that of the hexagons whose changes are remembered: at
// 10 ha, smaller than a tile up to zoom 15 and at most some thousands in a city.
const historyResolution hexgrid.Resolution = 9

// after is the history once some places have changed.
func (h history) after(places []place, revision Revision) history {
	if len(places) == 0 {
		return h
	}
	cells := make([]hexgrid.Cell, len(places))
	quartiers := make([]uint16, len(places))
	for i, p := range places {
		cells[i] = p.cell.Parent(historyResolution)
		quartiers[i] = p.quartier
	}
	h.last = revision
	h.cells = mergeChanges(h.cells, cells, revision)
	h.quartiers = mergeChanges(h.quartiers, quartiers, revision)
	return h
}

// mergeChanges returns old changes and those of some places, in any order. Readers
// still use the old ones.
func mergeChanges[P cmp.Ordered](old []change[P], places []P, revision Revision) []change[P] {
	merged := slices.Clone(old)
	for _, p := range places {
		i, found := findChange(merged, p)
		if !found {
			merged = slices.Insert(merged, i, change[P]{of: p})
		}
		merged[i].at = revision
	}
	return merged
}

// findChange is where the change of a place is, or belongs.
func findChange[P cmp.Ordered](changes []change[P], place P) (int, bool) {
	return slices.BinarySearchFunc(changes, place, func(c change[P], place P) int { return cmp.Compare(c.of, place) })
}

// in is when one of some ranges changed last; nil is everywhere.
func (h *history) in(ranges []Range) Revision {
	if ranges == nil {
		return h.last
	}
	latest := h.loaded
	for _, r := range ranges {
		first, _ := findChange(h.cells, r.First.Parent(historyResolution))
		end, found := findChange(h.cells, r.Last.Parent(historyResolution))
		if found {
			end++
		}
		for _, c := range h.cells[first:max(first, end)] {
			latest = max(latest, c.at)
		}
	}
	return latest
}

// inQuartier is when a quartier changed last.
func (h *history) inQuartier(quartier uint16) Revision {
	if i, found := findChange(h.quartiers, quartier); found {
		return h.quartiers[i].at
	}
	return h.loaded
}

func (h *history) bytes() int {
	return cap(h.cells)*int(unsafe.Sizeof(change[hexgrid.Cell]{})) + cap(h.quartiers)*int(unsafe.Sizeof(change[uint16]{}))
}
