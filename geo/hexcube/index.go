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

// newIndex also gives, for each of x.rows, a part of the hash of its ID: who looks
// for rows with the same ID need not look at the others.
func newIndex(ids []ID) (x index, marks []uint16) {
	buckets := len(ids)/rowsPerBucket + 1
	x = index{starts: make([]uint32, buckets+1), rows: make([]uint32, len(ids))}
	hashes, marks := make([]uint64, len(ids)), make([]uint16, len(ids))
	// A counting sort: sizes, then ends, then each row, from the last one, takes
	// the place before the end of its bucket, which leaves the starts.
	for i := range ids {
		hashes[i] = maphash.Bytes(seed, ids[i][:])
		x.starts[bucketOf(hashes[i], buckets)]++
	}
	end := uint32(0)
	for b := range x.starts {
		end += x.starts[b]
		x.starts[b] = end
	}
	for i := len(ids) - 1; i >= 0; i-- {
		b := bucketOf(hashes[i], buckets)
		x.starts[b]--
		x.rows[x.starts[b]], marks[x.starts[b]] = uint32(i), uint16(hashes[i])
	}
	return x, marks
}

// bucketOf spreads a hash evenly without a division: the upper half of the product.
func bucketOf(hash uint64, buckets int) int { return int(hash >> 32 * uint64(buckets) >> 32) }

// find calls visit with each row of ids that is id.
func (x index) find(ids []ID, id ID, visit func(row uint32)) {
	if len(ids) == 0 {
		return
	}
	b := bucketOf(maphash.Bytes(seed, id[:]), len(x.starts)-1)
	for _, row := range x.rows[x.starts[b]:x.starts[b+1]] {
		if ids[row] == id {
			visit(row)
		}
	}
}

func (x index) bytes() int { return 4 * (cap(x.starts) + cap(x.rows)) }
