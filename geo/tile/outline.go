package tile

import (
	"math"

	"github.com/paulmach/orb"

	"quietude/geo/hexgrid"
)

// The world grid is that of the units of the deepest tiles. Any other tile's
// units are a power of two larger, so rounding down to the world grid first
// does not change how a position is rounded on any tile.
const (
	worldBits = MaxZoom + extentBits
	worldSize = 1 << worldBits
)

// point is a place on the world grid: x from 180°W, y from the northern edge.
type point struct{ x, y int64 }

// outline is the boundary of a cell on the world grid, clockwise as seen on the
// map, which is how MVT wants outer rings, and not closed. Near the
// antimeridian x may be negative or beyond worldSize.
type outline struct {
	points   []point
	min, max point
}

func newOutline(cell hexgrid.Cell) *outline {
	ring := cell.Boundary()
	o := &outline{min: point{math.MaxInt64, math.MaxInt64}, max: point{math.MinInt64, math.MinInt64}}
	if len(ring) == 0 {
		return o
	}
	o.points = make([]point, 0, len(ring)-1)
	// Boundary is counter-clockwise and repeats its first position at the end.
	for i := len(ring) - 1; i > 0; i-- {
		p := onWorldGrid(ring[i])
		o.points = append(o.points, p)
		o.min = point{min(o.min.x, p.x), min(o.min.y, p.y)}
		o.max = point{max(o.max.x, p.x), max(o.max.y, p.y)}
	}
	return o
}

// maxSin bounds the sine of a latitude, at 89.19°: the projection sends the
// poles to infinity.
const maxSin = 0.9999

// onWorldGrid projects lon/lat by the spherical Mercator (EPSG:3857). Places
// beyond the edge of the map, 85.05°, come to lie beyond the grid.
func onWorldGrid(p orb.Point) point {
	sin := min(max(math.Sin(p[1]*math.Pi/180), -maxSin), maxSin)
	y := 0.5 - math.Log((1+sin)/(1-sin))/(4*math.Pi)
	return point{
		x: int64(math.Floor((p[0]/360 + 0.5) * worldSize)),
		y: int64(math.Floor(y * worldSize)),
	}
}
