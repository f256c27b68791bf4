package edition

import (
	"cmp"
	"slices"

	"quietude/geo/hexgrid"
)

// The resolutions of editions: 9 for one atelier (about 10 ha), 10 (about
// 1.5 ha) for one that merges MergedAteliers or more. Of the voices of one
// atelier of twenty, a third would survive at 10.
const (
	Broad hexgrid.Resolution = 9
	Fine  hexgrid.Resolution = 10

	// MergedAteliers is the least number of ateliers for the resolution Fine.
	MergedAteliers = 3
)

// Finest is the finest resolution at which the source may be published: a rule
// about its size, known before any voice is read.
func (s Source) Finest() hexgrid.Resolution {
	if len(s.Ateliers) >= MergedAteliers {
		return Fine
	}
	return Broad
}

// Partition gives each quartier its fixed list: the hexagons of resolution
// Fine that it reaches and owns, sorted. Every hexagon has one owner, whatever
// the resolution of an edition: were the lists of two resolutions made apart, a
// hexagon of 9 in the edition of one quartier minus its children in that of
// another would give the child that the two lists place differently.
//
// stored gives, by code, the cells of hexgrid.Reachable at hexgrid.Stored; a
// cell on a border is in several. A hexagon of the resolution owned goes to the
// quartier with the most stored cells in it, the first code in byte order when
// equal; finer ones follow it.
//
// With owned = Fine a border hexagon of 9 is cut along its children, and each
// quartier publishes its own part of it. With owned = Broad no hexagon of 9
// is cut, and a small quartier loses much ground to its neighbours: at
// Chambéry 28.6 % of the stored cells that touch Bellevue instead of 11.4 %,
// 7.6 % instead of 4.7 % over all quartiers. The choice is made once for a city.
//
// A quartier whose hexagons are all its neighbours' has no list. Refusals:
// WrongResolution, InvalidCells, InvalidCode.
func Partition(stored map[string][]hexgrid.Cell, owned hexgrid.Resolution) (map[string][]hexgrid.Cell, error) {
	if owned != Broad && owned != Fine {
		return nil, refuse(WrongResolution)
	}
	votes := map[hexgrid.Cell]map[string]int{}
	reached := map[hexgrid.Cell]bool{}
	for code, cells := range stored {
		if !plainCode.MatchString(code) {
			return nil, refuse(InvalidCode)
		}
		if !distinctCells(cells, hexgrid.Stored) {
			return nil, refuse(InvalidCells)
		}
		for _, c := range cells {
			whole := c.Parent(owned)
			if votes[whole] == nil {
				votes[whole] = map[string]int{}
			}
			votes[whole][code]++
			reached[c.Parent(Fine)] = true
		}
	}
	owner := make(map[hexgrid.Cell]string, len(votes))
	for cell, byCode := range votes {
		owner[cell] = winner(byCode)
	}
	lists := make(map[string][]hexgrid.Cell, len(stored))
	for cell := range reached {
		code := owner[cell.Parent(owned)]
		lists[code] = append(lists[code], cell)
	}
	for _, list := range lists {
		slices.Sort(list)
	}
	return lists, nil
}

func winner(votes map[string]int) string {
	best, most := "", 0
	for code, n := range votes {
		if cmp.Or(cmp.Compare(n, most), cmp.Compare(best, code)) > 0 {
			best, most = code, n
		}
	}
	return best
}

// distinctCells says that the list has at least a cell, and only valid cells
// of resolution r, each once.
func distinctCells(cells []hexgrid.Cell, r hexgrid.Resolution) bool {
	seen := make(map[hexgrid.Cell]bool, len(cells))
	for _, c := range cells {
		if !c.Valid() || c.Resolution() != r || seen[c] {
			return false
		}
		seen[c] = true
	}
	return len(cells) > 0
}
