package hexcube

import (
	"slices"
	"sort"

	"quietude/geo/hexgrid"
)

// layer is what was built at once: a shelf for each felt, nil when empty, and
// the rows of each that have been removed since, in order. Layers are values:
// marking rows dead makes a new list and leaves readers the old one.
type layer struct {
	shelves [felts]*shelf
	dead    [felts][]uint32
}

// rows is the number of rows held, dead ones included.
func (l *layer) rows() int {
	n := 0
	for _, s := range l.shelves {
		if s != nil {
			n += s.len()
		}
	}
	return n
}

func (l *layer) deadRows() int {
	n := 0
	for _, dead := range l.dead {
		n += len(dead)
	}
	return n
}

// newLayer sorts some rows, in place, and puts them on shelves.
func newLayer(rows []Row) layer {
	slices.SortFunc(rows, func(a, b Row) int { return compareRows(&a, &b) })
	var l layer
	for len(rows) > 0 {
		felt := rows[0].Felt
		end := sort.Search(len(rows), func(i int) bool { return rows[i].Felt > felt })
		s := newShelf(felt, end)
		for i := range rows[:end] {
			s.add(&rows[i])
		}
		s.close()
		s.seal()
		l.shelves[felt] = s
		rows = rows[end:]
	}
	return l
}

// place is where a row is, for those who must know that it changed.
type place struct {
	cell     hexgrid.Cell
	quartier uint16
}

// bury marks dead the rows of some IDs and tells where they were.
func (l *layer) bury(ids []ID, buried func(place)) {
	for felt, s := range l.shelves {
		if s == nil {
			continue
		}
		var found []uint32
		for _, id := range ids {
			s.byID.find(s.ids, id, func(row uint32) { found = append(found, row) })
		}
		if len(found) == 0 {
			continue
		}
		slices.Sort(found)
		l.dead[felt] = mergeDead(l.dead[felt], slices.Compact(found), func(row uint32) {
			in := s.segmentOf(row)
			buried(place{in.cell, in.quartier})
		})
	}
}

// mergeDead returns the ordered union of two ordered lists, and calls added for
// what only the second has.
func mergeDead(old, found []uint32, added func(uint32)) []uint32 {
	merged := make([]uint32, 0, len(old)+len(found))
	for _, row := range found {
		for len(old) > 0 && old[0] < row {
			merged, old = append(merged, old[0]), old[1:]
		}
		if len(old) > 0 && old[0] == row {
			old = old[1:]
		} else {
			added(row)
		}
		merged = append(merged, row)
	}
	return append(merged, old...)
}

// mergeLayers makes one layer of the live rows of several.
func mergeLayers(layers []layer) layer {
	var merged layer
	for felt := range Felt(felts) {
		var readers []*reader
		live := 0
		for i := range layers {
			if s := layers[i].shelves[felt]; s != nil {
				live += s.len() - len(layers[i].dead[felt])
				readers = append(readers, newReader(s, layers[i].dead[felt]))
			}
		}
		if live > 0 {
			merged.shelves[felt] = mergeShelves(felt, live, readers)
		}
	}
	return merged
}

func mergeShelves(felt Felt, rows int, readers []*reader) *shelf {
	s := newShelf(felt, rows)
	for {
		var least *reader
		for _, r := range readers {
			if !r.done && (least == nil || compareRows(&r.row, &least.row) < 0) {
				least = r
			}
		}
		if least == nil {
			break
		}
		s.add(&least.row)
		least.next()
	}
	s.close()
	s.seal()
	return s
}

// reader reads back the live rows of a shelf in order.
type reader struct {
	shelf   *shelf
	dead    []uint32 // those not passed yet
	segment int
	i       int
	row     Row
	done    bool
}

// newReader returns a reader placed on the first live row.
func newReader(s *shelf, dead []uint32) *reader {
	r := &reader{shelf: s, dead: dead, i: -1}
	r.next()
	return r
}

func (r *reader) next() {
	r.i++
	for len(r.dead) > 0 && int(r.dead[0]) == r.i {
		r.i++
		r.dead = r.dead[1:]
	}
	if r.i >= r.shelf.len() {
		r.done = true
		return
	}
	for int(r.shelf.segments[r.segment+1].start) <= r.i {
		r.segment++
	}
	r.shelf.row(r.i, r.shelf.segments[r.segment], &r.row)
}
