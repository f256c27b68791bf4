package tile_test

import (
	"bytes"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"

	"quietude/geo/tile"
)

// TestEncodeAreas: an area is in the tiles that show it and in no other, with
// its properties; the same areas give the same bytes.
func TestEncodeAreas(t *testing.T) {
	t.Parallel()
	shape := orb.MultiPolygon{{{{5.91, 45.56}, {5.92, 45.56}, {5.92, 45.57}, {5.91, 45.57}, {5.91, 45.56}}}}
	before := shape.Clone()
	areas := []tile.Area{{ID: 7, Shape: shape, Properties: map[string]any{"h3": "8a1", "reading": "unsafe", "unsafe": 5}}}
	seen := 0
	for z := range uint32(tile.MaxZoom + 1) {
		for _, at := range []orb.Point{{5.915, 45.565}, {-60, -30}} {
			c := tileAt(at, z)
			body, err := tile.EncodeAreas(c, "editions", areas)
			if err != nil {
				t.Fatal(err)
			}
			again, _ := tile.EncodeAreas(c, "editions", areas)
			if !bytes.Equal(body, again) {
				t.Fatalf("%v: two answers", c)
			}
			// At the lowest zooms the area is smaller than the grid of a tile.
			if inside := c.BufferedBounds().Intersects(shape.Bound()); !inside && body != nil || inside && z >= 8 && body == nil {
				t.Errorf("%v: %d bytes", c, len(body))
			}
			if body == nil {
				continue
			}
			layers, err := mvt.Unmarshal(body)
			if err != nil || len(layers) != 1 || layers[0].Name != "editions" || layers[0].Extent != tile.Extent || len(layers[0].Features) != 1 ||
				layers[0].Features[0].Properties["reading"] != "unsafe" {
				t.Fatalf("%v: %v, %v", c, layers, err)
			}
			seen++
		}
	}
	if seen < 10 {
		t.Errorf("only %d tiles hold the area", seen)
	}
	if !shape.Equal(before) {
		t.Error("encoding changed the shape")
	}
}
