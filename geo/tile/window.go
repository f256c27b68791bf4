package tile

import "encoding/binary"

// drawing is a cell in the units of the tiles of one zoom. On each of these
// tiles it has the same shape, since their corners lie on whole units, and only
// its first corner is somewhere else: all commands after that one are ready.
type drawing struct {
	min, max point     // on the world grid
	first    point     // its first corner in units, from the corner of the world
	last     tilePoint // its last corner, from the first one
	rest     []byte    // nil when it has no area at this zoom
}

func newDrawing(key drawn) drawing {
	o := newOutline(key.cell)
	d := drawing{min: o.min, max: o.max}
	shift := uint(MaxZoom - key.zoom)
	var room [16]tilePoint
	ring := room[:0] // from the first corner
	for i, p := range o.points {
		p = point{p.x >> shift, p.y >> shift}
		if i == 0 {
			d.first = p
		}
		q := tilePoint{int32(p.x - d.first.x), int32(p.y - d.first.y)}
		if n := len(ring); n == 0 || ring[n-1] != q {
			ring = append(ring, q)
		}
	}
	for len(ring) > 1 && ring[len(ring)-1] == ring[0] {
		ring = ring[:len(ring)-1]
	}
	if doubleArea(ring) > 0 {
		d.last = ring[len(ring)-1]
		d.rest = appendRest(nil, ring)
	}
	return d
}

// bytes is the memory held beside the drawing itself.
func (d *drawing) bytes() int { return cap(d.rest) }

// window is one tile.
type window struct {
	shift    uint  // world grid → units
	x, y     int64 // the tile's north-west corner in units
	min, max point // the tile with its buffer on the world grid
}

func newWindow(c Coord) window {
	shift := uint(MaxZoom - c.Z)
	x, y := int64(c.X)<<extentBits, int64(c.Y)<<extentBits
	return window{
		shift: shift, x: x, y: y,
		min: point{(x - Buffer) << shift, (y - Buffer) << shift},
		max: point{(x + Extent + Buffer) << shift, (y + Extent + Buffer) << shift},
	}
}

// appendPolygons appends the MVT commands of a drawing as seen on the tile. It
// appends nothing for one beyond the buffer. In a tile near the antimeridian the
// drawing shows where the map repeats itself.
func (w *window) appendPolygons(dst []byte, d *drawing) []byte {
	if d.rest == nil || d.max.y < w.min.y || d.min.y > w.max.y {
		return dst
	}
	var pen tilePoint // where the last command ended; the next is relative
	for _, turn := range [...]int64{-worldSize, 0, worldSize} {
		if d.max.x+turn < w.min.x || d.min.x+turn > w.max.x {
			continue
		}
		// A turn is a whole number of units at every zoom.
		first := tilePoint{int32(d.first.x + turn>>w.shift - w.x), int32(d.first.y - w.y)}
		dst = append(dst, moveTo|1<<3)
		dst = appendStep(dst, pen, first)
		dst = append(dst, d.rest...)
		pen = tilePoint{first.x + d.last.x, first.y + d.last.y}
	}
	return dst
}

// appendRest appends the commands of a ring of at least three points after its
// first one.
func appendRest(dst []byte, ring []tilePoint) []byte {
	dst = binary.AppendUvarint(dst, lineTo|uint64(len(ring)-1)<<3)
	for i, p := range ring[1:] {
		dst = appendStep(dst, ring[i], p)
	}
	return append(dst, closePath|1<<3)
}

func appendStep(dst []byte, from, to tilePoint) []byte {
	dst = binary.AppendUvarint(dst, zigzag(to.x-from.x))
	return binary.AppendUvarint(dst, zigzag(to.y-from.y))
}

func zigzag(n int32) uint64 { return uint64(uint32(n<<1) ^ uint32(n>>31)) }

// tilePoint is a place in the units of a tile, y downwards.
type tilePoint struct{ x, y int32 }

// doubleArea is twice the area by the surveyor's formula, positive for a ring
// that is clockwise on the map.
func doubleArea(ring []tilePoint) int64 {
	sum := int64(0)
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		sum += int64(p.x)*int64(q.y) - int64(q.x)*int64(p.y)
	}
	return sum
}
