package tile

import (
	"sync"

	"quietude/geo/hexgrid"
)

// LayerName is the name of the layer of hexagons.
const LayerName = "hexagones"

// Hexagon is what a tile tells about one cell: distinct voices that say unsafe
// and safe, and how many markers and signalements there are.
type Hexagon struct {
	Cell                  hexgrid.Cell
	Unsafe, Safe          int32
	Markers, Signalements int32
}

func (h *Hexagon) empty() bool { return h.Unsafe|h.Safe|h.Markers|h.Signalements == 0 }

// contestedPercent is 100 × (1 − |u−s|/(u+s)) rounded to the nearest integer,
// halves up. It is false when nobody spoke.
func (h *Hexagon) contestedPercent() (int32, bool) {
	voices := int64(h.Unsafe) + int64(h.Safe)
	if voices == 0 {
		return 0, false
	}
	// 1 − |u−s|/(u+s) = 2 min(u,s)/(u+s)
	return int32((400*int64(min(h.Unsafe, h.Safe)) + voices) / (2 * voices)), true
}

// The properties of a hexagon, by their number in the layer's list of keys.
const (
	keyH3 = iota
	keyUnsafe
	keySafe
	keyMarkers
	keySignalements
	keyContested
)

var keys = [...]string{
	keyH3:           "h3",
	keyUnsafe:       "unsafe",
	keySafe:         "safe",
	keyMarkers:      "markers",
	keySignalements: "signalements",
	keyContested:    "contested",
}

// Encoder writes tiles of hexagons. It keeps the outlines of cells, and may be
// used by any number of goroutines.
type Encoder struct {
	outlines *cache[hexgrid.Cell, *outline]
	layers   sync.Pool // of *layer
}

// outlinesPerMegabyte: an outline of six vertices takes 200 bytes with its entry.
const outlinesPerMegabyte = 5_000

// NewEncoder returns an Encoder that keeps outlines in about the given room. A
// large city has some 80,000 hexagons at all resolutions: 16 MB.
func NewEncoder(megabytes int) *Encoder {
	return &Encoder{
		outlines: newCache[hexgrid.Cell, *outline](megabytes * outlinesPerMegabyte),
		layers:   sync.Pool{New: func() any { return new(layer) }},
	}
}

// EncodeHexagons returns a tile with the hexagons that touch it or its buffer,
// or nil when there is none. Hexagons without any count are left out. Each
// feature has the properties h3 (a string: JavaScript has no 64-bit numbers),
// unsafe, safe, markers and signalements, and contested (a percentage) when
// there are voices; its id is the index without the four bits of resolution and
// those above, so that it is exact in JavaScript and unique on the tile.
//
// The same hexagons in the same order give the same bytes. They should be of
// ResolutionFor(c.Z): much smaller ones vanish where they have no area in the
// tile's units.
func (e *Encoder) EncodeHexagons(c Coord, hexagons []Hexagon) []byte {
	l := e.layers.Get().(*layer)
	defer e.layers.Put(l)
	l.reset()
	window := newWindow(c)
	for i := range hexagons {
		if h := &hexagons[i]; !h.empty() {
			l.polygons = window.appendPolygons(l.polygons[:0], e.outlines.get(h.Cell, newOutline))
			if len(l.polygons) > 0 {
				l.addHexagon(h)
			}
		}
	}
	return l.tile()
}

// MemoryBytes is the memory held by the outlines kept.
func (e *Encoder) MemoryBytes() int { return e.outlines.bytes((*outline).bytes) }

// addHexagon adds a feature whose geometry is in l.polygons.
func (l *layer) addHexagon(h *Hexagon) {
	l.tags = l.tags[:0]
	l.tag(keyH3, l.text(h.Cell))
	l.tag(keyUnsafe, l.number(h.Unsafe))
	l.tag(keySafe, l.number(h.Safe))
	l.tag(keyMarkers, l.number(h.Markers))
	l.tag(keySignalements, l.number(h.Signalements))
	if percent, ok := h.contestedPercent(); ok {
		l.tag(keyContested, l.number(percent))
	}
	const belowResolution = 1<<52 - 1
	l.addFeature(uint64(h.Cell) & belowResolution)
}

// window turns outlines into the units of one tile.
type window struct {
	shift    uint  // world grid → tile units
	x, y     int64 // the tile's north-west corner in its units
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

// appendPolygons appends the MVT commands of an outline as seen on the tile. It
// appends nothing for an outline beyond the buffer. In a tile near the
// antimeridian the outline shows where the map repeats itself.
func (w *window) appendPolygons(dst []uint32, o *outline) []uint32 {
	if len(o.points) == 0 || o.max.y < w.min.y || o.min.y > w.max.y {
		return dst
	}
	var at pen
	for _, turn := range [...]int64{-worldSize, 0, worldSize} {
		if o.max.x+turn >= w.min.x && o.min.x+turn <= w.max.x {
			dst = w.appendRing(dst, &at, o, turn)
		}
	}
	return dst
}

// appendRing appends one ring, moved by turn, unless it has no area here.
func (w *window) appendRing(dst []uint32, at *pen, o *outline, turn int64) []uint32 {
	var room [16]tilePoint
	ring := room[:0]
	for _, p := range o.points {
		q := tilePoint{int32((p.x+turn)>>w.shift - w.x), int32(p.y>>w.shift - w.y)}
		if n := len(ring); n == 0 || ring[n-1] != q {
			ring = append(ring, q)
		}
	}
	for len(ring) > 1 && ring[len(ring)-1] == ring[0] {
		ring = ring[:len(ring)-1]
	}
	if doubleArea(ring) <= 0 {
		return dst
	}
	return at.ring(dst, ring)
}

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
