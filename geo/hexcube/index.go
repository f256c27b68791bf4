package hexcube

import "hash/maphash"

// index finds the rows of an ID: rows are grouped in buckets by a hash of their
// ID. A bucket holds eight rows on average, so the index costs 4.5 bytes a row,
// and the rows of a zone share their bucket.
type index struct {
	starts []uint32 // bucket b is rows[starts[b]:starts[b+1]], ascending
	rows   []uint32
}

const rowsPerBucket = 8

// seed is secret to the process: clients make the IDs, and must not be able to
// put all of them in one bucket.
var seed = maphash.MakeSeed()

func newIndex(ids []ID) index {
	buckets := len(ids)/rowsPerBucket + 1
	x := index{starts: make([]uint32, buckets+1), rows: make([]uint32, len(ids))}
	// A counting sort: sizes, then ends, then each row, from the last one, takes
	// the place before the end of its bucket, which leaves the starts.
	for i := range ids {
		x.starts[bucketOf(ids[i], buckets)]++
	}
	end := uint32(0)
	for b := range x.starts {
		end += x.starts[b]
		x.starts[b] = end
	}
	for i := len(ids) - 1; i >= 0; i-- {
		b := bucketOf(ids[i], buckets)
		x.starts[b]--
		x.rows[x.starts[b]] = uint32(i)
	}
	return x
}

func bucketOf(id ID, buckets int) int {
	hash := maphash.Bytes(seed, id[:])
	// The upper half of the product spreads the hash evenly without a division.
	return int(hash >> 32 * uint64(buckets) >> 32)
}

// find calls visit with each row of ids that is id.
func (x index) find(ids []ID, id ID, visit func(row uint32)) {
	if len(ids) == 0 {
		return
	}
	b := bucketOf(id, len(x.starts)-1)
	for _, row := range x.rows[x.starts[b]:x.starts[b+1]] {
		if ids[row] == id {
			visit(row)
		}
	}
}

func (x index) bytes() int { return 4 * (cap(x.starts) + cap(x.rows)) }
