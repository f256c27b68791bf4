package hexcube

import (
	"cmp"
	"slices"

	"quietude/geo/hexgrid"
)

// draft collects the rows of one felt in the order in which they come, and puts
// them on a shelf at the end.
//
// A city has fifty times fewer segments (pairs of cell and quartier) than rows.
// So rows are not sorted as a whole: each is given the number of its segment
// when it comes, the segments alone are sorted, and a counting sort brings the
// rows of each together, to be put in order of time.
type draft struct {
	numbers  map[segmentKey]uint32 // of each segment, in order of arrival
	segments []draftSegment        // by number
	chunks   [][]draftRow          // of draftChunk rows each, but the last
}

type segmentKey struct {
	cell     hexgrid.Cell
	quartier uint16
}

type draftSegment struct {
	segmentKey
	rows uint32
}

// draftRow is a Row without what its segment and its shelf tell.
type draftRow struct {
	id          ID
	segment     uint32
	at          uint32
	contributor uint32
	atelier     uint32
	themes      ThemeSet
	hour        Hour
	anchor      bool
}

// draftChunk is a power of two. A draft grows by chunks since one long slice
// would be copied again and again, and have up to twice the room that it needs.
const draftChunk = 1 << 15

func (d *draft) add(r *Row) {
	last := len(d.chunks) - 1
	if last < 0 || len(d.chunks[last]) == draftChunk {
		d.chunks = append(d.chunks, make([]draftRow, 0, draftChunk))
		last++
	}
	d.chunks[last] = append(d.chunks[last], draftRow{
		id: r.ID, segment: d.segment(segmentKey{r.Cell, r.Quartier}), at: uint32(r.At),
		contributor: r.Contributor, atelier: r.Atelier, themes: r.Themes, hour: r.Hour, anchor: r.Anchor,
	})
}

// segment counts a row in a segment and gives the number of the segment.
func (d *draft) segment(key segmentKey) uint32 {
	number, known := d.numbers[key]
	if !known {
		if d.numbers == nil {
			d.numbers = make(map[segmentKey]uint32)
		}
		number = uint32(len(d.segments))
		d.numbers[key] = number
		d.segments = append(d.segments, draftSegment{segmentKey: key})
	}
	d.segments[number].rows++
	return number
}

// len is the number of rows.
func (d *draft) len() int {
	n := 0
	for _, chunk := range d.chunks {
		n += len(chunk)
	}
	return n
}

// shelf gives the sealed shelf of all rows, nil if there are none. The draft is
// empty afterwards.
func (d *draft) shelf(felt Felt) *shelf {
	if len(d.chunks) == 0 {
		return nil
	}
	s := newShelf(felt, d.len())
	inOrder := d.order()
	places := d.places(inOrder)
	row := Row{Felt: felt}
	var together []draftRow // the rows of one segment
	for _, number := range inOrder {
		segment := &d.segments[number]
		together = together[:0]
		for _, place := range places[:segment.rows] {
			together = append(together, d.chunks[place/draftChunk][place%draftChunk])
		}
		places = places[segment.rows:]
		slices.SortFunc(together, compareDraftRows)
		row.Cell, row.Quartier = segment.cell, segment.quartier
		for i := range together {
			together[i].fill(&row)
			s.add(&row)
		}
	}
	*d = draft{}
	s.close()
	s.seal()
	return s
}

// order lists the numbers of the segments in the order of the shelf.
func (d *draft) order() []uint32 {
	order := make([]uint32, len(d.segments))
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order, func(a, b uint32) int {
		one, other := &d.segments[a], &d.segments[b]
		return cmp.Or(cmp.Compare(one.cell, other.cell), cmp.Compare(one.quartier, other.quartier))
	})
	return order
}

// places lists where the rows of each segment are, segment after segment.
func (d *draft) places(inOrder []uint32) []uint32 {
	next := make([]uint32, len(d.segments)) // by number
	total := uint32(0)
	for _, number := range inOrder {
		next[number] = total
		total += d.segments[number].rows
	}
	places := make([]uint32, total)
	for i, chunk := range d.chunks {
		for j := range chunk {
			segment := chunk[j].segment
			places[next[segment]] = uint32(i*draftChunk + j)
			next[segment]++
		}
	}
	return places
}

// compareDraftRows is compareRows within one segment.
func compareDraftRows(a, b draftRow) int {
	if a.at != b.at {
		return cmp.Compare(a.at, b.at)
	}
	return compareIDs(&a.id, &b.id)
}

// fill writes the row into one that has its felt, cell and quartier already.
func (d *draftRow) fill(r *Row) {
	r.ID, r.At, r.Contributor, r.Atelier = d.id, int64(d.at), d.contributor, d.atelier
	r.Themes, r.Hour, r.Anchor = d.themes, d.hour, d.anchor
}
