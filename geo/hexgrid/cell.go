// Package hexgrid is the only door to H3: point → cell, area → cells,
// parents, boundaries, rings. Positions are lon/lat degrees (EPSG:4326).
//
// A position is indexed once, at the resolution Stored, and every coarser
// cell is a Parent of that one. Indexing the same position directly at a
// coarser resolution would put 6 to 7 % of Chambéry's positions in another
// cell, because the children of a hexagon do not tile it exactly; totals
// would then differ from one zoom to the next.
//
// H3 accepts much that makes no sense (cell 0 has a boundary, a latitude of 91
// has a cell, a disk of radius 5000 has 75 million cells). Nothing here passes
// such values on; what is refused is refused as a *geo.Invalid.
package hexgrid

import (
	"regexp"
	"strconv"

	"github.com/paulmach/orb"
	"github.com/uber/h3-go/v4"

	"quietude/geo"
)

// Resolution is a level of H3, 0 (coarsest) to 15.
type Resolution int

// The resolutions that the program stores and serves. At Chambéry a hexagon
// of resolution 8 has 70.8 ha, 9 has 10.1 ha, 10 has 1.45 ha, 11 has 0.207 ha.
const (
	Coarsest Resolution = 8
	Stored   Resolution = 11

	finestOfH3 Resolution = 15
)

// Valid says that H3 has this resolution.
func (r Resolution) Valid() bool { return r >= 0 && r <= finestOfH3 }

// Cell is an H3 cell index. It goes to a PostgreSQL bigint as it is, and to
// JSON as its 15 hexadecimal digits, since JavaScript rounds 64-bit numbers.
// The zero Cell is no place and is never Valid.
type Cell int64

// The layout of an H3 index, from the highest bit: 1 bit of zero, 4 of mode
// (1 for a cell), 3 of zero, 4 of resolution, 7 of base cell, then 3 bits for
// the digit of each resolution 1 to 15, all ones where unused
// (h3geo.org/docs/core-library/h3Indexing).
const (
	resolutionShift = 52
	resolutionMask  = 15 << resolutionShift
	bitsPerDigit    = 3
)

// ParentSQL is Parent in PostgreSQL, over the bigint @cell and the int
// @resolution, which must not be finer than the cell.
const ParentSQL = `(@cell::bigint & ~(15::bigint << 52)) | (@resolution::bigint << 52) | ((1::bigint << (3 * (15 - @resolution::int))) - 1)`

// CellOf is the cell of resolution r that contains p. Store and count only
// cells of the resolution Stored and their parents.
// It refuses NotANumber, OutOfRange, Lambert93 and InvalidResolution.
func CellOf(p orb.Point, r Resolution) (Cell, error) {
	if err := geo.CheckPosition(p); err != nil {
		return 0, err
	}
	if !r.Valid() {
		return 0, &geo.Invalid{Reason: geo.InvalidResolution}
	}
	c, err := h3.LatLngToCell(h3.LatLng{Lat: p[1], Lng: p[0]}, int(r))
	if err != nil || !c.IsValid() {
		return 0, &geo.Invalid{Reason: geo.InvalidCell, At: &p}
	}
	return Cell(c), nil
}

var cellPattern = regexp.MustCompile(`^8[0-9a-f]{14}$`)

// ParseCell reads the 15 lower-case hexadecimal digits that String writes.
// Other spellings of the same index are refused: one cell, one address.
func ParseCell(s string) (Cell, error) {
	if !cellPattern.MatchString(s) {
		return 0, &geo.Invalid{Reason: geo.InvalidCell}
	}
	n, err := strconv.ParseInt(s, 16, 64)
	if c := Cell(n); err == nil && c.Valid() {
		return c, nil
	}
	return 0, &geo.Invalid{Reason: geo.InvalidCell}
}

// String is the hexadecimal index, such as "8b1f916e271afff".
func (c Cell) String() string { return strconv.FormatUint(uint64(c), 16) }

// MarshalText refuses an invalid cell rather than publish it.
func (c Cell) MarshalText() ([]byte, error) {
	if !c.Valid() {
		return nil, &geo.Invalid{Reason: geo.InvalidCell}
	}
	return []byte(c.String()), nil
}

// UnmarshalText is ParseCell.
func (c *Cell) UnmarshalText(text []byte) error {
	parsed, err := ParseCell(string(text))
	if err == nil {
		*c = parsed
	}
	return err
}

// Valid says that c is the index of a hexagon or pentagon.
func (c Cell) Valid() bool { return h3.Cell(c).IsValid() }

// Resolution of a valid cell.
func (c Cell) Resolution() Resolution {
	return Resolution(c & resolutionMask >> resolutionShift)
}

// Parent is the ancestor of c at resolution r, c itself at its own
// resolution. It costs a few nanoseconds: no call to C. The result is the
// invalid cell 0 when r is finer than c or not a resolution; a cell that was
// not valid gives a cell that is not valid.
func (c Cell) Parent(r Resolution) Cell {
	if uint(r) > uint(c.Resolution()) {
		return 0
	}
	return c.withResolution(r) | unusedDigits(r)
}

// DescendantRange bounds the descendants of c at resolution r: a valid cell of
// resolution r lies in [first, last], compared as integers, exactly when c is
// its parent. SQL and sorted columns thus find the content of a hexagon by
// BETWEEN. Both bounds are 0 when r is coarser than c.
func (c Cell) DescendantRange(r Resolution) (first, last Cell) {
	own := c.Resolution()
	if !r.Valid() || r < own {
		return 0, 0
	}
	// Digits of a child go from 0 to 6; 7 marks an unused one.
	first = c.withResolution(r) &^ unusedDigits(own)
	last = first
	for digit := own + 1; digit <= r; digit++ {
		last |= 6 << (bitsPerDigit * (finestOfH3 - digit))
	}
	return first | unusedDigits(r), last | unusedDigits(r)
}

func (c Cell) withResolution(r Resolution) Cell {
	return c&^resolutionMask | Cell(r)<<resolutionShift
}

// unusedDigits has ones in the digits of the resolutions finer than r.
func unusedDigits(r Resolution) Cell {
	return 1<<(bitsPerDigit*(finestOfH3-r)) - 1
}
