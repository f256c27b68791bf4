package hexcube

import "sort"

// Snapshot is the data at one revision. It never changes and may be used by any
// number of goroutines for as long as they like; keeping one keeps its memory.
type Snapshot struct {
	revision Revision
	layers   []layer // from the oldest, and by far the largest, to the newest
	tables   tables
	history  history
}

// Revision is that of the last change applied.
func (s *Snapshot) Revision() Revision { return s.revision }

// Counts returns the hexagons where something matches the query, in order of
// cells. Its errors are for programmers: a resolution, a theme or a range that
// does not exist, a period that ends before it begins.
func (s *Snapshot) Counts(q Query) ([]Count, error) { return s.AppendCounts(nil, q) }

// AppendCounts is Counts into the room of dst.
func (s *Snapshot) AppendCounts(dst []Count, q Query) ([]Count, error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	ranges := wholeHexagons(q.Ranges, q.Resolution)
	if q.everyRow() {
		return s.appendTotals(dst, &q, ranges), nil
	}
	sc := newScan(s.layers, &q, ranges)
	defer sc.close()
	for {
		count, more := sc.next()
		if !more {
			return dst, nil
		}
		if !count.empty() {
			dst = append(dst, count)
		}
	}
}

// appendTotals answers from the totals.
func (s *Snapshot) appendTotals(dst []Count, q *Query, ranges []Range) []Count {
	totals := s.tables[q.Resolution].totals(s.layers)
	if ranges == nil {
		return s.appendSelected(dst, q, totals)
	}
	for _, r := range ranges {
		// A hexagon sorts among its own descendants' range at any resolution
		// once both ends are brought to its resolution.
		first, last := r.First.Parent(q.Resolution), r.Last.Parent(q.Resolution)
		totals = totals[sort.Search(len(totals), func(i int) bool { return totals[i].Cell >= first }):]
		end := sort.Search(len(totals), func(i int) bool { return totals[i].Cell > last })
		dst = s.appendSelected(dst, q, totals[:end])
		totals = totals[end:]
	}
	return dst
}

func (s *Snapshot) appendSelected(dst []Count, q *Query, totals []total) []Count {
	for i := range totals {
		if !totals[i].counts(q.Quartier) {
			continue
		}
		count := totals[i].Count.only(q)
		if count.Reporters == unknown {
			count.Reporters = countHexagon(s.layers, q, count.Cell).Reporters
		}
		if !count.empty() {
			dst = append(dst, count)
		}
	}
	return dst
}

// only keeps the shelves that a query asks for.
func (c Count) only(q *Query) Count {
	if !q.keeps(Unsafe) {
		c.Unsafe, c.UnsafeMarkers = 0, 0
	}
	if !q.keeps(Safe) {
		c.Safe, c.SafeMarkers = 0, 0
	}
	if !q.keeps(FeltNone) {
		c.Signalements, c.Reporters = 0, 0
	}
	if !q.Reporters {
		c.Reporters = 0
	}
	return c
}

// ChangedAt is a revision at or after which the answer to a query has not
// changed, up to this snapshot: what the answer may be tagged with. It looks at
// the query's place only, and no closer than hexagons of resolution 9, so it
// may be later than the last change of the answer, never earlier.
func (s *Snapshot) ChangedAt(q Query) Revision {
	changed := s.history.in(wholeHexagons(q.Ranges, q.Resolution))
	if q.Quartier != 0 {
		changed = min(changed, s.history.inQuartier(q.Quartier))
	}
	return changed
}

// Rows is the number of rows held, without those removed.
func (s *Snapshot) Rows() int {
	n := 0
	for i := range s.layers {
		n += s.layers[i].rows() - s.layers[i].deadRows()
	}
	return n
}

// MemoryBytes is the memory held by the snapshot: columns, index and totals.
func (s *Snapshot) MemoryBytes() int {
	n := s.tables.bytes() + s.history.bytes()
	for i := range s.layers {
		for felt, shelf := range s.layers[i].shelves {
			n += 4 * cap(s.layers[i].dead[felt])
			if shelf != nil {
				n += shelf.bytes()
			}
		}
	}
	return n
}
