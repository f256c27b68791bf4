package hexcube

// Weekdays and hours of the day are kept bit by bit (a bit-sliced index, O'Neil
// and Quass, SIGMOD 1997): a bitmap for each binary digit, 8 where one for each
// value would take 31. Which rows have a number of some set is then a short
// expression over the digits: « 18 to 23 » is half a dozen operations on 64 rows
// at a time.

// sliced says where a number is kept: its binary digits are the bitmaps from the
// lowest on.
type sliced struct {
	lowest, digits int
	possible       uint32 // the numbers that occur, as a set of bits
}

var (
	// weekdays are 1 for Monday to 7; 0 says that the hour is unknown.
	weekdays = sliced{firstDay, dayDigits, 1<<(daysPerWeek+1) - 1}
	// dayHours are 0 to 23, and 0 when the hour is unknown.
	dayHours = sliced{firstHour, hourDigits, 1<<hoursPerDay - 1}
)

// write puts a number into a row, whose digits are zero.
func (b sliced) write(s *shelf, row int, number uint) {
	for digit := range b.digits {
		if number>>digit&1 == 1 {
			setBit(s.bitmaps[b.lowest+digit], row)
		}
	}
}

// read gives the number of a row.
func (b sliced) read(s *shelf, row int) (number uint) {
	for digit := range b.digits {
		if hasBit(s.bitmaps[b.lowest+digit], row) {
			number |= 1 << digit
		}
	}
	return number
}

// among writes into dst which rows, from those of the word first on, have a
// number of a set. There are at most blockWords words in dst.
//
// It decides the highest digit first: of the numbers with that digit 0 and of
// those with 1, all, none or some may be in the set. Numbers that never occur
// may be answered either way, which saves operations.
func (b sliced) among(s *shelf, set uint32, first int, dst []uint64) {
	set &= b.possible
	switch {
	case set == 0:
		fill(dst, 0)
		return
	case set == b.possible:
		fill(dst, ^uint64(0))
		return
	}
	low, high, lowSet, highSet := b.split(set)
	digit := s.bitmaps[b.lowest+b.digits-1][first:][:len(dst)]
	switch {
	case high.possible&^low.possible == 0 && lowSet&high.possible == highSet:
		low.among(s, lowSet, first, dst) // the digit does not matter
	case lowSet == 0:
		high.among(s, highSet, first, dst)
		andInto(dst, digit)
	case highSet == 0:
		low.among(s, lowSet, first, dst)
		andNotInto(dst, digit)
	case lowSet == low.possible:
		high.among(s, highSet, first, dst)
		orNotInto(dst, digit)
	case highSet == high.possible:
		low.among(s, lowSet, first, dst)
		orInto(dst, digit)
	default:
		var room block
		other := room[:len(dst)]
		low.among(s, lowSet, first, dst)
		high.among(s, highSet, first, other)
		for i := range dst {
			dst[i] = dst[i]&^digit[i] | other[i]&digit[i]
		}
	}
}

// split is what remains to be decided once the highest digit is known.
func (b sliced) split(set uint32) (low, high sliced, lowSet, highSet uint32) {
	half := uint32(1) << (b.digits - 1)
	below := uint32(1)<<half - 1
	low = sliced{b.lowest, b.digits - 1, b.possible & below}
	high = sliced{b.lowest, b.digits - 1, b.possible >> half}
	return low, high, set & below, set >> half
}
