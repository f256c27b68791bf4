package edition

import (
	"cmp"
	"slices"

	"quietude/geo/hexgrid"
)

// MinAddresses is the least number of addresses of a published unit that has
// any: with fewer, a hexagon names the households that live there.
const MinAddresses = 8

// unit is what gets one class per felt: the part of a hexagon that the list of
// the quartier holds.
type unit struct {
	cell      hexgrid.Cell
	members   []hexgrid.Cell // of the list, at Fine, sorted
	addresses int
}

func (u unit) namesHouseholds() bool { return u.addresses > 0 && u.addresses < MinAddresses }

// mergePattern cuts the list of a quartier, at Fine, into units of resolution r
// that do not overlap, without a look at the voices. From r up, a unit with 1
// to 7 addresses is replaced by its parent, together with everything of the
// list inside that parent: a parent never stands beside one of its children,
// so no subtraction gives the content of the rest. What still has 1 to 7
// addresses at hexgrid.Coarsest is withheld. Without addresses nothing merges.
//
// Addresses are public data (Base Adresse Nationale): whoever has them can
// redraw the pattern, and learns nothing of the voices by it.
func mergePattern(cells []hexgrid.Cell, r hexgrid.Resolution, addresses map[hexgrid.Cell]int) []unit {
	units := make([]unit, 0, len(cells))
	for _, c := range cells {
		units = append(units, unit{c, []hexgrid.Cell{c}, addresses[c]})
	}
	units = mergeInto(units, r, func(unit) bool { return true })
	for level := r; level > hexgrid.Coarsest; level-- {
		units = mergeInto(units, level-1, unit.namesHouseholds)
	}
	units = slices.DeleteFunc(units, unit.namesHouseholds)
	slices.SortFunc(units, func(a, b unit) int { return cmp.Compare(a.cell, b.cell) })
	return units
}

// mergeInto replaces, by their parent of resolution r, the units inside each
// parent where one of them may not stand alone.
func mergeInto(units []unit, r hexgrid.Resolution, mayNot func(unit) bool) []unit {
	needed := map[hexgrid.Cell]bool{}
	for _, u := range units {
		if mayNot(u) {
			needed[u.cell.Parent(r)] = true
		}
	}
	merged := map[hexgrid.Cell]*unit{}
	var out []unit
	for _, u := range units {
		parent := u.cell.Parent(r)
		if !needed[parent] {
			out = append(out, u)
			continue
		}
		if merged[parent] == nil {
			merged[parent] = &unit{cell: parent}
		}
		merged[parent].members = append(merged[parent].members, u.members...)
		merged[parent].addresses += u.addresses
	}
	for _, u := range merged {
		slices.Sort(u.members)
		out = append(out, *u)
	}
	return out
}
