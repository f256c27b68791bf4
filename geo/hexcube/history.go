package hexcube

import (
	"cmp"
	"slices"
	"unsafe"

	"quietude/geo/hexgrid"
)

// history remembers when places changed last.
type history struct {
	loaded    Revision
	last      Revision
	cells     []change // by cell
	quartiers []change // by quartier, whose number stands for the cell
}

type change struct {
	cell hexgrid.Cell
	at   Revision
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
	quartiers := make([]hexgrid.Cell, len(places))
	for i, p := range places {
		cells[i] = p.cell.Parent(historyResolution)
		quartiers[i] = hexgrid.Cell(p.quartier)
	}
	h.last = revision
	h.cells = mergeChanges(h.cells, cells, revision)
	h.quartiers = mergeChanges(h.quartiers, quartiers, revision)
	return h
}

func mergeChanges(old []change, cells []hexgrid.Cell, revision Revision) []change {
	merged := slices.Clone(old)
	for _, cell := range cells {
		i, found := findChange(merged, cell)
		if !found {
			merged = slices.Insert(merged, i, change{cell: cell})
		}
		merged[i].at = revision
	}
	return merged
}

func findChange(changes []change, cell hexgrid.Cell) (int, bool) {
	return slices.BinarySearchFunc(changes, cell, func(c change, cell hexgrid.Cell) int {
		return cmp.Compare(c.cell, cell)
	})
}

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

func (h *history) inQuartier(quartier uint16) Revision {
	if i, found := findChange(h.quartiers, hexgrid.Cell(quartier)); found {
		return h.quartiers[i].at
	}
	return h.loaded
}

func (h *history) bytes() int {
	return (cap(h.cells) + cap(h.quartiers)) * int(unsafe.Sizeof(change{}))
}
