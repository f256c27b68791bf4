package atelier_test

import (
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"quietude/geo/geotest"
	"quietude/server/atelier"
)

func TestFootprintHoldsTheAnchor(t *testing.T) {
	for _, c := range geotest.Awkward() {
		zone, ok := c.Geometry.(orb.Polygon)
		if !ok || c.Reason != "" {
			continue
		}
		_, cell, cells, err := atelier.Footprint(zone)
		if err != nil {
			t.Errorf("%s: %v", c.Name, err)
			continue
		}
		if _, found := slices.BinarySearch(cells, cell); !found || !slices.IsSorted(cells) {
			t.Errorf("%s: footprint %v lacks its anchor's cell %v, or is not sorted", c.Name, cells, cell)
		}
	}
}
