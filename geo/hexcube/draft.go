package hexcube

import (
	"cmp"
	"slices"
)

// draft collects the rows of one felt in the order in which they come, and puts
// them on a shelf at the end.
//
// A city has fifty times fewer segments (pairs of cell and quartier) than rows.
// So rows are not sorted as a whole: each is given the number of its segment
// when it comes, the segments alone are sorted, and a counting sort brings the
// rows of each together, to be put in order of time.
type draft struct {
	segments segmentTable
	chunks   [][]draftRow // of draftChunk rows each, but the last
}

// draftRow is a Row without what its segment and its shelf tell.
type draftRow struct {
	id          ID
	segment     uint32
	at          uint32
	contributor uint32
	from        uint32 // the atelier of a marker, the origin of a signalement
	themes      ThemeSet
	hour        Hour
	anchor      bool
}

// draftChunk is a power of two. A draft grows by chunks since one long slice
// would be copied again and again, and have up to twice the room that it needs.
const draftChunk = 1 << 15

// expect prepares for a row that will be added a little later.
func (d *draft) expect(r *Row) { d.segments.expect(r.Cell, r.Quartier) }

func (d *draft) add(r *Row) {
	last := len(d.chunks) - 1
	if last < 0 || len(d.chunks[last]) == draftChunk {
		d.chunks = append(d.chunks, make([]draftRow, 0, draftChunk))
		last++
	}
	d.chunks[last] = append(d.chunks[last], draftRow{
		id: r.ID, segment: d.segments.add(r.Cell, r.Quartier), at: uint32(r.At),
		contributor: r.Contributor, from: r.Atelier | uint32(r.Origin), themes: r.Themes, hour: r.Hour, anchor: r.Anchor,
	})
}

// row is the one that came after so many others.
func (d *draft) row(place uint32) *draftRow { return &d.chunks[place/draftChunk][place%draftChunk] }

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
	var together []timedPlace
	for _, number := range inOrder {
		segment := &d.segments.all[number]
		together = d.inTime(places[:segment.rows], together[:0])
		places = places[segment.rows:]
		row.Cell, row.Quartier = segment.cell, segment.quartier
		for _, t := range together {
			d.row(t.place()).fill(&row)
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
	all := d.segments.all
	order := make([]uint32, len(all))
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(all[a].cell, all[b].cell), cmp.Compare(all[a].quartier, all[b].quartier))
	})
	return order
}

// places lists where the rows of each segment are, segment after segment.
func (d *draft) places(inOrder []uint32) []uint32 {
	next := make([]uint32, len(inOrder)) // by number
	total := uint32(0)
	for _, number := range inOrder {
		next[number] = total
		total += d.segments.all[number].rows
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

// timedPlace is the time of a row, then its place: numbers, which are sorted much
// faster than rows.
type timedPlace uint64

func (t timedPlace) place() uint32 { return uint32(t) }
func (t timedPlace) at() uint32    { return uint32(t >> 32) }

// inTime appends the rows of one segment in the order of compareRows.
func (d *draft) inTime(places []uint32, dst []timedPlace) []timedPlace {
	for _, place := range places {
		dst = append(dst, timedPlace(d.row(place).at)<<32|timedPlace(place))
	}
	slices.Sort(dst)
	for first, end := 0, 0; first < len(dst); first = end {
		for end = first + 1; end < len(dst) && dst[end].at() == dst[first].at(); end++ {
		}
		if end-first > 1 {
			slices.SortFunc(dst[first:end], func(a, b timedPlace) int {
				return compareIDs(&d.row(a.place()).id, &d.row(b.place()).id)
			})
		}
	}
	return dst
}

// fill writes the row into one that has its felt, cell and quartier already.
func (d *draftRow) fill(r *Row) {
	r.ID, r.At, r.Contributor = d.id, int64(d.at), d.contributor
	r.Themes, r.Hour, r.Anchor = d.themes, d.hour, d.anchor
	if r.Felt == FeltNone {
		r.Origin = uint16(d.from)
	} else {
		r.Atelier = d.from
	}
}
