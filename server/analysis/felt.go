package analysis

import (
	"bytes"
	"slices"

	"github.com/google/uuid"

	"quietude/geo/hexgrid"
	"quietude/geo/hexstat"
	"quietude/server/hexmap"
)

// FeltAt is what the residents of one atelier say of a place.
type FeltAt struct {
	Atelier uuid.UUID
	// Of is the residents who placed anything, anywhere.
	Of        int
	Consensus hexstat.Consensus
}

// FeltIn tells, for each atelier under the filter, how many of its residents
// marked one of some hexagons. Themes and hours are left aside: they are not what
// a resident was asked first.
func (v *View) FeltIn(f hexmap.Filter, hexagons []hexgrid.Cell) []FeltAt {
	f.Themes = nil
	s, ok := v.scanOf(f)
	if !ok {
		return nil
	}
	type people struct{ all, unsafe, safe map[uint32]bool }
	only, found := v.within(hexagons), map[uuid.UUID]people{}
	for _, m := range v.markers(s) {
		p, ok := found[m.atelier]
		if !ok {
			p = people{map[uint32]bool{}, map[uint32]bool{}, map[uint32]bool{}}
			found[m.atelier] = p
		}
		p.all[m.person] = true
		if !slices.ContainsFunc(m.cells, func(c uint32) bool { return only[c] }) {
			continue
		}
		if m.unsafe {
			p.unsafe[m.person] = true
		} else {
			p.safe[m.person] = true
		}
	}
	var out []FeltAt
	for id, p := range found {
		if len(p.unsafe)+len(p.safe) > 0 {
			out = append(out, FeltAt{id, len(p.all), hexstat.ConsensusOf(len(p.unsafe), len(p.safe), len(p.all))})
		}
	}
	slices.SortFunc(out, func(a, b FeltAt) int { return bytes.Compare(a.Atelier[:], b.Atelier[:]) })
	return out
}
