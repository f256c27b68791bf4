package api

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"quietude/geo"
	"quietude/geo/hexcube"
	"quietude/geo/hexgrid"
	"quietude/geo/memo"
)

// TestGeoJSONText holds the hand-written text against encoding/json and orb.
func TestGeoJSONText(t *testing.T) {
	t.Parallel()
	type properties struct {
		H3                                  hexgrid.Cell
		Resolution                          int
		Quartier                            string `json:",omitempty"`
		Unsafe, Safe, Markers, Signalements int32
		Contested                           *float64
	}
	a := &API{rings: memo.New[hexgrid.Cell, ringText](1)}
	for _, at := range []orb.Point{{5.9178, 45.5646}, {-61.5, 16.2}, {55.45, -20.88}, {179.9999, -17}, {0, 0}} {
		for r := hexgrid.Coarsest; r <= hexgrid.Stored; r++ {
			cell, err := hexgrid.CellOf(at, r)
			if err != nil {
				t.Fatal(err)
			}
			for i, n := range []hexcube.Count{{}, {Unsafe: 2, Safe: 1, UnsafeMarkers: 3, SafeMarkers: 4, Signalements: 5}, {Safe: 7, SafeMarkers: 1 << 30}} {
				n.Cell = cell
				quartier := []string{"", "CE", `a"<b`}[i]
				want := feature[properties]{Type: "Feature", ID: cell.String(), Geometry: geojson.NewGeometry(geo.SnapPolygon(orb.Polygon{cell.Boundary()})),
					Properties: properties{cell, int(r), quartier, n.Unsafe, n.Safe, n.Markers(), n.Signalements, nil}}
				if contested, ok := n.Contested(); ok {
					want.Properties.Contested = &contested
				}
				var got feature[properties]
				if err := json.Unmarshal(geoJSONHexagons.one(a, nil, quartier, r, &n), &got); err != nil {
					t.Fatal(err)
				}
				if !reflect.DeepEqual(got, want) {
					t.Errorf("%s: got %+v, want %+v", cell, got, want)
				}
			}
		}
	}
}

func TestCSVText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", "CE": "CE", "=1+1": "'=1+1", "-A": "'-A", "@x": "'@x", "+1": "'+1", `a"b`: `"a""b"`, "a,b": `"a,b"`, "=a,b": `"'=a,b"`, "\tx": "'\tx",
	} {
		if got := csvText(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}
