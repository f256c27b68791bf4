// Package memo remembers the results of pure functions, in a bounded room.
package memo

import (
	"hash/maphash"
	"sync/atomic"
	"unsafe"
)

// Table remembers the results of one function. Its size is fixed; reading and
// writing take no lock. A key may live in any of the ways of one bucket, and takes
// the place of another key when all are taken.
type Table[K comparable, V any] struct {
	seed    maphash.Seed
	buckets [][ways]atomic.Pointer[entry[K, V]]
}

const ways = 4

type entry[K comparable, V any] struct {
	key   K
	value V
}

// New returns a table for about so many results.
func New[K comparable, V any](entries int) *Table[K, V] {
	return &Table[K, V]{
		seed:    maphash.MakeSeed(),
		buckets: make([][ways]atomic.Pointer[entry[K, V]], max(entries/ways, 1)),
	}
}

// Get returns the value of a key, made now if it is not there, which nobody may
// change. Two goroutines may make the same value at the same time.
func (t *Table[K, V]) Get(key K, makeValue func(K) V) *V {
	hash := maphash.Comparable(t.seed, key)
	bucket := &t.buckets[hash%uint64(len(t.buckets))]
	place := hash >> 62 // which way to take if none is free
	for i := range bucket {
		e := bucket[i].Load()
		if e == nil {
			place = uint64(i)
			break
		}
		if e.key == key {
			return &e.value
		}
	}
	e := &entry[K, V]{key, makeValue(key)}
	bucket[place].Store(e)
	return &e.value
}

// Bytes is the memory held, given what each value holds beyond itself.
func (t *Table[K, V]) Bytes(held func(*V) int) int {
	n := len(t.buckets) * int(unsafe.Sizeof(t.buckets[0]))
	for i := range t.buckets {
		for way := range t.buckets[i] {
			if e := t.buckets[i][way].Load(); e != nil {
				n += int(unsafe.Sizeof(*e)) + held(&e.value)
			}
		}
	}
	return n
}
