package edition

import "strconv"

// Class is a published number of people: k to 2k−1, 2k to 3k−1, or 3k and
// more. The zero Class, the only one that other packages can make, is
// "absent", which says nothing: no voice, or too few.
type Class struct{ from, to int }

// classOf is the class of n people, absent below threshold (k or more).
//
// Every bounded class holds exactly k values. Narrower ones would betray small
// complements: with k = 8 and a class 5–9, which can only mean 8 or 9, the
// rest of a room of 12 would be 3 or 4 people.
func classOf(n, k, threshold int) Class {
	switch {
	case n < max(k, threshold):
		return Class{}
	case n < 2*k:
		return Class{k, 2*k - 1}
	case n < 3*k:
		return Class{2 * k, 3*k - 1}
	}
	return Class{from: 3 * k}
}

// Absent says that nothing is published.
func (c Class) Absent() bool { return c.from == 0 }

// AtLeast is the lower bound of the class, 0 when absent.
func (c Class) AtLeast() int { return c.from }

// AtMost is the upper bound; false for the open class and when absent.
func (c Class) AtMost() (int, bool) { return c.to, c.to > 0 }

// String is "5-9", "15+", or "-" when absent.
func (c Class) String() string {
	switch {
	case c.Absent():
		return "-"
	case c.to == 0:
		return strconv.Itoa(c.from) + "+"
	}
	return strconv.Itoa(c.from) + "-" + strconv.Itoa(c.to)
}

// MarshalText is String.
func (c Class) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// parseClass accepts only what String writes for a class of threshold k.
func parseClass(s string, k int) (Class, bool) {
	for _, c := range []Class{{}, classOf(k, k, k), classOf(2*k, k, k), classOf(3*k, k, k)} {
		if c.String() == s {
			return c, true
		}
	}
	return Class{}, false
}
