package tile

import (
	"hash/maphash"
	"sync/atomic"
	"unsafe"
)

// cache remembers the results of a pure function. Its size is fixed; reading
// and writing take no lock. A key may live in any of the ways of one bucket,
// and takes the place of another key when all are taken.
type cache[K comparable, V any] struct {
	seed    maphash.Seed
	buckets [][ways]atomic.Pointer[entry[K, V]]
}

const ways = 4

type entry[K comparable, V any] struct {
	key   K
	value V
}

func newCache[K comparable, V any](entries int) *cache[K, V] {
	return &cache[K, V]{
		seed:    maphash.MakeSeed(),
		buckets: make([][ways]atomic.Pointer[entry[K, V]], max(entries/ways, 1)),
	}
}

// get returns the value of a key, made now if it is not there. Two goroutines
// may make the same value at the same time.
func (c *cache[K, V]) get(key K, makeValue func(K) V) V {
	hash := maphash.Comparable(c.seed, key)
	bucket := &c.buckets[hash%uint64(len(c.buckets))]
	place := hash >> 62 // which way to take if none is free
	for i := range bucket {
		e := bucket[i].Load()
		if e == nil {
			place = uint64(i)
			break
		}
		if e.key == key {
			return e.value
		}
	}
	e := &entry[K, V]{key, makeValue(key)}
	bucket[place].Store(e)
	return e.value
}

// bytes is the memory held, given what each value holds beyond itself.
func (c *cache[K, V]) bytes(held func(V) int) int {
	n := len(c.buckets) * int(unsafe.Sizeof(c.buckets[0]))
	for i := range c.buckets {
		for way := range c.buckets[i] {
			if e := c.buckets[i][way].Load(); e != nil {
				n += int(unsafe.Sizeof(*e)) + held(e.value)
			}
		}
	}
	return n
}
