package tile_test

import (
	"fmt"
	"sync"
	"testing"

	"quietude/geo/hexcube"
	"quietude/geo/hexcube/hexcubetest"
	"quietude/geo/tile"
)

// city is a million rows around Chambéry.
var city = sync.OnceValues(func() (*hexcube.Cube, error) {
	builder := hexcube.NewBuilder()
	for r := range (hexcubetest.City{Rows: 1_000_000, Seed: 1}).All() {
		if err := builder.Add([]hexcube.Row{r}); err != nil {
			return nil, err
		}
	}
	return builder.Cube(1), nil
})

// BenchmarkTile makes whole tiles: look up, count, encode.
func BenchmarkTile(b *testing.B) {
	var evening hexcube.HourSet
	for day := range 5 {
		for hour := 18; hour < 24; hour++ {
			evening.Add(hexcube.HourOf(day, hour))
		}
	}
	for _, z := range []uint32{10, 12, 14, 16} {
		for name, filter := range map[string]hexcube.Filter{
			"unfiltered":       {},
			"theme hours":      {Themes: 1 << 2, Hours: evening},
			"theme hours felt": {Themes: 1 << 2, Hours: evening, Felt: hexcube.Unsafe},
		} {
			b.Run(fmt.Sprintf("z%d/%s", z, name), func(b *testing.B) { benchmarkTile(b, z, filter) })
		}
	}
}

func benchmarkTile(b *testing.B, z uint32, filter hexcube.Filter) {
	cube, err := city()
	if err != nil {
		b.Fatal(err)
	}
	c := tileAt(chambery, z)
	var counts []hexcube.Count
	var hexagons []tile.Hexagon
	var data []byte
	for b.Loop() {
		counts, err = cube.Snapshot().AppendCounts(counts[:0], hexcube.Query{
			Filter: filter, Resolution: tile.ResolutionFor(z), Ranges: coverer.Ranges(c),
		})
		if err != nil {
			b.Fatal(err)
		}
		hexagons = hexagons[:0]
		for _, n := range counts {
			hexagons = append(hexagons, tile.Hexagon{
				Cell: n.Cell, Unsafe: n.Unsafe, Safe: n.Safe, Markers: n.Markers(), Signalements: n.Signalements,
			})
		}
		data = encoder.EncodeHexagons(c, hexagons)
	}
	b.ReportMetric(float64(len(hexagons)), "hexagons")
	b.ReportMetric(float64(len(data)), "bytes")
}
