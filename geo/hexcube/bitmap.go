package hexcube

import "math/bits"

// A bitmap has one bit for each row of a shelf: row i is bit i%64 of word i/64.
const wordBits = 64

func wordOf(row int) int { return row / wordBits }

// wordsFor returns how many words hold the given number of rows.
func wordsFor(rows int) int { return (rows + wordBits - 1) / wordBits }

func setBit(bitmap []uint64, row int)      { bitmap[row/wordBits] |= 1 << (row % wordBits) }
func clearBit(bitmap []uint64, row int)    { bitmap[row/wordBits] &^= 1 << (row % wordBits) }
func hasBit(bitmap []uint64, row int) bool { return bitmap[row/wordBits]>>(row%wordBits)&1 == 1 }

func fill(dst []uint64, word uint64) {
	for i := range dst {
		dst[i] = word
	}
}

func orInto(dst, src []uint64) {
	src = src[:len(dst)]
	for i := range dst {
		dst[i] |= src[i]
	}
}

func andInto(dst, src []uint64) {
	src = src[:len(dst)]
	for i := range dst {
		dst[i] &= src[i]
	}
}

func andNotInto(dst, src []uint64) {
	src = src[:len(dst)]
	for i := range dst {
		dst[i] &^= src[i]
	}
}

func orNotInto(dst, src []uint64) {
	src = src[:len(dst)]
	for i := range dst {
		dst[i] |= ^src[i]
	}
}

// eachBit visits the rows lo ≤ row < hi that are set, in order.
func eachBit(bitmap []uint64, lo, hi int, visit func(row int)) {
	if lo >= hi {
		return
	}
	mask := maskFrom(lo)
	for i := wordOf(lo); i <= wordOf(hi-1); i++ {
		if i == wordOf(hi-1) {
			mask &= maskTo(hi)
		}
		for word := bitmap[i] & mask; word != 0; word &= word - 1 {
			visit(i*wordBits + bits.TrailingZeros64(word))
		}
		mask = ^uint64(0)
	}
}

// maskFrom keeps the bits of the word of row lo from lo on.
func maskFrom(lo int) uint64 { return ^uint64(0) << (lo % wordBits) }

// maskTo keeps the bits of the word of row hi-1 below hi.
func maskTo(hi int) uint64 { return ^uint64(0) >> (-hi & (wordBits - 1)) }

func popcount(word uint64) int { return bits.OnesCount64(word) }
