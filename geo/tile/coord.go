package tile

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/paulmach/orb"
)

// MaxZoom is the deepest zoom served. A tile is then 7 m wide at Chambéry.
const MaxZoom = 22

// Extent is the side of a tile in its own units, and Buffer how far beyond its
// border a tile still shows things: enough for an outline drawn 2 pixels wide
// on a tile of 256 pixels, and more.
const (
	Extent     = 1 << extentBits
	Buffer     = 64
	extentBits = 12
)

var (
	// ErrMalformed says that a coordinate is not a plain decimal number.
	ErrMalformed = errors.New("tile: not a decimal number")
	// ErrNoSuchTile says that there is no tile with these numbers.
	ErrNoSuchTile = errors.New("tile: no such tile")
)

// Coord names a tile: X grows eastwards from 180°W, Y southwards from 85.05°N,
// both below 2^Z.
type Coord struct{ Z, X, Y uint32 }

// ParseCoord reads the three numbers of a path. It accepts one spelling of each
// number only, so that a tile has one address: ErrMalformed for "010", "+1",
// "1e9" or "", ErrNoSuchTile for a zoom deeper than MaxZoom or a tile beyond
// the edge of the world.
func ParseCoord(z, x, y string) (Coord, error) {
	var numbers [3]uint32
	for i, text := range []string{z, x, y} {
		n, err := parseNumber(text)
		if err != nil {
			return Coord{}, err
		}
		numbers[i] = n
	}
	c := Coord{Z: numbers[0], X: numbers[1], Y: numbers[2]}
	if !c.Valid() {
		return Coord{}, fmt.Errorf("%w: %v", ErrNoSuchTile, c)
	}
	return c, nil
}

func parseNumber(text string) (uint32, error) {
	for _, r := range text {
		if r < '0' || r > '9' {
			return 0, fmt.Errorf("%w: %q", ErrMalformed, text)
		}
	}
	if text == "" || len(text) > 1 && text[0] == '0' {
		return 0, fmt.Errorf("%w: %q", ErrMalformed, text)
	}
	n, err := strconv.ParseUint(text, 10, 32)
	if err != nil {
		return 0, fmt.Errorf("%w: %q", ErrNoSuchTile, text)
	}
	return uint32(n), nil
}

// Valid tells whether there is such a tile.
func (c Coord) Valid() bool { return c.Z <= MaxZoom && c.X < 1<<c.Z && c.Y < 1<<c.Z }

// String is z/x/y.
func (c Coord) String() string { return fmt.Sprintf("%d/%d/%d", c.Z, c.X, c.Y) }

// Bounds is the tile in lon/lat degrees.
func (c Coord) Bounds() orb.Bound { return c.bounds(0) }

// BufferedBounds is the tile with its buffer in lon/lat degrees. Longitudes may
// pass ±180, and latitudes ±85.05, the edge of the map.
func (c Coord) BufferedBounds() orb.Bound { return c.bounds(float64(Buffer) / Extent) }

// bounds adds a margin given as a share of the tile's side.
func (c Coord) bounds(margin float64) orb.Bound {
	side := math.Exp2(-float64(c.Z))
	return orb.Bound{
		Min: orb.Point{longitude((float64(c.X) - margin) * side), latitude((float64(c.Y) + 1 + margin) * side)},
		Max: orb.Point{longitude((float64(c.X) + 1 + margin) * side), latitude((float64(c.Y) - margin) * side)},
	}
}

// longitude of x, the share of the map's width east of 180°W.
func longitude(x float64) float64 { return 360*x - 180 }

// latitude of y, the share of the map's height south of its northern edge:
// the inverse of the spherical Mercator projection (EPSG:3857).
func latitude(y float64) float64 {
	return math.Atan(math.Sinh(math.Pi*(1-2*y))) * 180 / math.Pi
}
