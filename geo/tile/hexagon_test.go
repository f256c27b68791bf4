package tile_test

import (
	"bytes"
	"fmt"
	"math"
	"reflect"
	"slices"
	"sync"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/encoding/mvt/vectortile"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/maptile"
	"pgregory.net/rapid"

	"quietude/geo/hexgrid"
	"quietude/geo/tile"
)

// Places where hexagons are awkward, and Chambéry.
var (
	chambery    = orb.Point{5.9178, 45.5646}
	fiji        = orb.Point{179.9999, -16.8} // the antimeridian passes through Taveuni
	bering      = orb.Point{-179.99995, 65.5}
	pentagon    = orb.Point{10.536199, 64.700000} // one of H3's twelve
	greenwich   = orb.Point{0, 51.4779}
	farNorth    = orb.Point{15.6, 84.9}
	somewhere   = []orb.Point{chambery, fiji, bering, pentagon, greenwich, farNorth}
	encoder     = tile.NewEncoder(4)
	coverer     = tile.NewCoverer(4)
	everyZoom   = rapid.Uint32Range(0, tile.MaxZoom)
	someCounts  = rapid.Int32Range(0, 6)
	largeCounts = rapid.Int32Range(0, math.MaxInt32/2)
)

func tileAt(p orb.Point, z uint32) tile.Coord {
	t := maptile.At(p, maptile.Zoom(z))
	return tile.Coord{Z: z, X: t.X, Y: t.Y}
}

func drawHexagons(t *rapid.T, around orb.Point, z uint32) []tile.Hexagon {
	cell, err := hexgrid.CellOf(around, tile.ResolutionFor(z))
	if err != nil {
		t.Fatal(err)
	}
	disk, err := cell.Disk(rapid.IntRange(0, 4).Draw(t, "radius"))
	if err != nil {
		t.Fatal(err)
	}
	counts := someCounts
	if rapid.Bool().Draw(t, "large") {
		counts = largeCounts
	}
	var hexagons []tile.Hexagon
	for _, cell := range disk {
		hexagons = append(hexagons, tile.Hexagon{
			Cell: cell, Unsafe: counts.Draw(t, "unsafe"), Safe: counts.Draw(t, "safe"),
			Markers: counts.Draw(t, "markers"), Signalements: counts.Draw(t, "signalements"),
		})
	}
	return hexagons
}

// reference is the same tile by orb: features that touch the buffered tile.
func reference(t *rapid.T, c tile.Coord, hexagons []tile.Hexagon) *mvt.Layer {
	collection := geojson.NewFeatureCollection()
	for _, h := range hexagons {
		if h == (tile.Hexagon{Cell: h.Cell}) {
			continue
		}
		f := geojson.NewFeature(referencePolygons(c, h.Cell))
		if len(f.Geometry.(orb.MultiPolygon)) == 0 {
			continue
		}
		if m := f.Geometry.(orb.MultiPolygon); len(m) == 1 {
			f.Geometry = m[0]
		}
		f.ID = float64(uint64(h.Cell) & (1<<52 - 1))
		f.Properties = geojson.Properties{
			"h3": h.Cell.String(), "unsafe": float64(h.Unsafe), "safe": float64(h.Safe),
			"markers": float64(h.Markers), "signalements": float64(h.Signalements),
		}
		if voices := float64(h.Unsafe) + float64(h.Safe); voices > 0 {
			f.Properties["contested"] = math.Floor(100*(voices-math.Abs(float64(h.Unsafe)-float64(h.Safe)))/voices + 0.5)
		}
		collection.Append(f)
	}
	layer := mvt.NewLayer(tile.LayerName, collection)
	layer.Version = 2
	layer.ProjectToTile(maptile.New(c.X, c.Y, maptile.Zoom(c.Z)))
	return layer
}

// referencePolygons is the outline of a cell, clockwise on the map as MVT
// wants, at each turn of the world where its box meets the buffered tile.
func referencePolygons(c tile.Coord, cell hexgrid.Cell) orb.MultiPolygon {
	var polygons orb.MultiPolygon
	for _, turn := range []float64{-360, 0, 360} {
		ring := slices.Clone(cell.Boundary())
		slices.Reverse(ring)
		for i := range ring {
			ring[i][0] += turn
		}
		if c.BufferedBounds().Intersects(ring.Bound()) {
			polygons = append(polygons, orb.Polygon{ring})
		}
	}
	return polygons
}

func decode(t *rapid.T, data []byte) *mvt.Layer {
	layers, err := mvt.Unmarshal(data)
	if err != nil {
		t.Fatalf("orb cannot read the tile: %v", err)
	}
	if len(layers) == 0 {
		return &mvt.Layer{}
	}
	if len(layers) != 1 || layers[0].Name != tile.LayerName || layers[0].Version != 2 || layers[0].Extent != tile.Extent {
		t.Fatalf("got layers %+v", layers)
	}
	return layers[0]
}

// At every zoom and in every awkward place, orb reads from our tile the
// features that it would have written.
func TestTilesEqualOrb(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		z := everyZoom.Draw(t, "z")
		at := rapid.SampledFrom(somewhere).Draw(t, "at")
		c := tileAt(at, z)
		c.X = (c.X + 1<<z + rapid.Uint32Range(0, 2).Draw(t, "aside") - 1) % (1 << z)
		hexagons := drawHexagons(t, at, z)

		got := decode(t, encoder.EncodeHexagons(c, hexagons))
		want := reference(t, c, hexagons)
		if len(got.Features) != len(want.Features) {
			t.Fatalf("%v: got %d features, want %d", c, len(got.Features), len(want.Features))
		}
		for i, f := range got.Features {
			checkFeature(t, c, f, want.Features[i])
		}
	})
}

func checkFeature(t *rapid.T, c tile.Coord, got, want *geojson.Feature) {
	if got.ID != want.ID || !reflect.DeepEqual(got.Properties, want.Properties) {
		t.Fatalf("%v: got %v %v, want %v %v", c, got.ID, got.Properties, want.ID, want.Properties)
	}
	gotRings, wantRings := rings(got.Geometry), rings(want.Geometry)
	if len(gotRings) != len(wantRings) {
		t.Fatalf("%v: got %v, want %v", c, got.Geometry, want.Geometry)
	}
	for i := range gotRings {
		if !slices.Equal(gotRings[i], wantRings[i]) {
			t.Fatalf("%v %v: got %v, want %v", c, got.Properties["h3"], gotRings[i], wantRings[i])
		}
		if n := len(gotRings[i]); n < 4 || surveyor(gotRings[i]) <= 0 {
			t.Fatalf("%v: ring %v is not an outer ring", c, gotRings[i])
		}
	}
}

func rings(g orb.Geometry) []orb.Ring {
	if p, ok := g.(orb.Polygon); ok {
		return p
	}
	var all []orb.Ring
	for _, p := range g.(orb.MultiPolygon) {
		all = append(all, p...)
	}
	return all
}

// surveyor is twice the area by the formula of the specification (4.3.3.3).
func surveyor(ring orb.Ring) float64 {
	sum := 0.0
	for i := 1; i < len(ring); i++ {
		sum += ring[i-1][0]*ring[i][1] - ring[i][0]*ring[i-1][1]
	}
	return sum
}

// The protobuf says what the specification asks: orb's decoder is lenient.
func TestMessageIsComplete(t *testing.T) {
	cell, err := hexgrid.CellOf(chambery, hexgrid.Stored)
	if err != nil {
		t.Fatal(err)
	}
	data := encoder.EncodeHexagons(tileAt(chambery, 16), []tile.Hexagon{{Cell: cell, Unsafe: 3, Safe: 1, Markers: 4, Signalements: 300}})
	var message vectortile.Tile
	if err := message.Unmarshal(data); err != nil {
		t.Fatal(err)
	}
	l := message.Layers[0]
	if l.GetVersion() != 2 || l.GetExtent() != 4096 || l.GetName() != "hexagones" {
		t.Errorf("got version %d, extent %d, name %q", l.GetVersion(), l.GetExtent(), l.GetName())
	}
	if want := []string{"h3", "unsafe", "safe", "markers", "signalements", "contested"}; !slices.Equal(l.Keys, want) {
		t.Errorf("got keys %v, want %v", l.Keys, want)
	}
	f := l.Features[0]
	if f.GetType() != vectortile.Tile_POLYGON || len(f.Tags) != 12 || f.GetId() == 0 {
		t.Errorf("got feature %v", f)
	}
	if got := l.Values[f.Tags[11]].GetUintValue(); got != 50 {
		t.Errorf("got contested %d for 3 against 1, want 50", got)
	}
}

func TestNothingForNothing(t *testing.T) {
	cell, err := hexgrid.CellOf(chambery, 10)
	if err != nil {
		t.Fatal(err)
	}
	here, elsewhere := tileAt(chambery, 14), tileAt(fiji, 14)
	for _, c := range []struct {
		name     string
		at       tile.Coord
		hexagons []tile.Hexagon
	}{
		{"no hexagon", here, nil},
		{"a hexagon without counts", here, []tile.Hexagon{{Cell: cell}}},
		{"a hexagon elsewhere", elsewhere, []tile.Hexagon{{Cell: cell, Unsafe: 1}}},
		{"cell 0", here, []tile.Hexagon{{Unsafe: 1}}},
	} {
		if got := encoder.EncodeHexagons(c.at, c.hexagons); got != nil {
			t.Errorf("%s: got %d bytes", c.name, len(got))
		}
	}
}

func TestBytesAreDeterministic(t *testing.T) {
	hexagons := disk(t, chambery, 10, 8)
	c := tileAt(chambery, 14)
	want := tile.NewEncoder(1).EncodeHexagons(c, hexagons)
	var workers sync.WaitGroup
	for range 4 {
		workers.Go(func() {
			for range 20 {
				if !bytes.Equal(encoder.EncodeHexagons(c, hexagons), want) {
					t.Error("the same hexagons gave other bytes")
				}
			}
		})
	}
	workers.Wait()
}

// disk is all hexagons within k steps, with counts.
func disk(t testing.TB, around orb.Point, r hexgrid.Resolution, k int) []tile.Hexagon {
	cell, err := hexgrid.CellOf(around, r)
	if err != nil {
		t.Fatal(err)
	}
	cells, err := cell.Disk(k)
	if err != nil {
		t.Fatal(err)
	}
	var hexagons []tile.Hexagon
	for i, cell := range cells {
		hexagons = append(hexagons, tile.Hexagon{Cell: cell, Unsafe: int32(i % 17), Safe: int32(i % 5), Markers: int32(i % 40), Signalements: int32(i * 7)})
	}
	return hexagons
}

// The caches stay within their room whatever is asked.
func TestCachesAreBounded(t *testing.T) {
	const megabytes = 1
	e, co := tile.NewEncoder(megabytes), tile.NewCoverer(megabytes)
	for x := range uint32(12) {
		c := tileAt(chambery, 14)
		c.X += x
		for _, r := range co.Ranges(c) {
			e.EncodeHexagons(c, []tile.Hexagon{{Cell: r.First, Safe: 1}, {Cell: r.Last, Safe: 1}})
		}
	}
	for k := range 30 {
		at := orb.Point{chambery[0] + float64(k), chambery[1]}
		e.EncodeHexagons(tileAt(at, 16), disk(t, at, hexgrid.Stored, hexgrid.MaxDiskRadius))
	}
	if n := e.MemoryBytes(); n > megabytes<<20 {
		t.Errorf("outlines take %d bytes", n)
	}
	if n := co.MemoryBytes(); n > megabytes<<20 {
		t.Errorf("covers take %d bytes", n)
	}
}

func BenchmarkEncode500(b *testing.B) {
	for _, bench := range []struct {
		zoom uint32
		disk []tile.Hexagon
	}{{12, disk(b, chambery, 9, 10)}, {13, disk(b, chambery, 9, 10)}} {
		hexagons := append(bench.disk, bench.disk...)[:500]
		b.Run(fmt.Sprintf("z%d", bench.zoom), func(b *testing.B) {
			c := tileAt(chambery, bench.zoom)
			var data []byte
			b.ReportAllocs()
			for b.Loop() {
				data = encoder.EncodeHexagons(c, hexagons)
			}
			b.ReportMetric(float64(len(data)), "bytes")
		})
	}
}
