package tile

import (
	"sync"

	"quietude/geo/hexgrid"
	"quietude/geo/memo"
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
	drawings *memo.Table[drawn, drawing]
	layers   sync.Pool // of *layer
}

// drawn names a cell as it is drawn at a zoom.
type drawn struct {
	cell hexgrid.Cell
	zoom uint32
}

// drawingsPerMegabyte: a hexagon takes 160 bytes with its entry.
const drawingsPerMegabyte = 6_000

// NewEncoder returns an Encoder that keeps drawings in about the given room. A
// large city has some 80,000 hexagons at all resolutions, and shows each at two
// zooms: 24 MB.
func NewEncoder(megabytes int) *Encoder {
	return &Encoder{
		drawings: memo.New[drawn, drawing](megabytes * drawingsPerMegabyte),
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
			l.polygons = window.appendPolygons(l.polygons[:0], e.drawings.Get(drawn{h.Cell, c.Z}, newDrawing))
			if len(l.polygons) > 0 {
				l.addHexagon(h)
			}
		}
	}
	return l.tile()
}

// MemoryBytes is the memory held by the drawings kept.
func (e *Encoder) MemoryBytes() int { return e.drawings.Bytes((*drawing).bytes) }

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
