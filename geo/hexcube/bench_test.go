package hexcube_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"quietude/geo/hexcube"
	"quietude/geo/hexcube/hexcubetest"
	"quietude/geo/hexgrid"
)

// sizes of the benchmarks. The larger one takes about 1 GB and half a minute to
// make, when first asked for by -bench.
var sizes = []int{1_000_000, 10_000_000}

func rowsOf(n int) []hexcube.Row {
	rows := make([]hexcube.Row, 0, n)
	for r := range (hexcubetest.City{Rows: n, Seed: 1}).All() {
		rows = append(rows, r)
	}
	return rows
}

var cities sync.Map // number of rows → func() *hexcube.Cube

// city builds a cube once for all benchmarks.
func city(b *testing.B, n int) *hexcube.Cube {
	build, _ := cities.LoadOrStore(n, sync.OnceValue(func() *hexcube.Cube {
		builder := hexcube.NewBuilder()
		for r := range (hexcubetest.City{Rows: n, Seed: 1}).All() {
			if err := builder.Add([]hexcube.Row{r}); err != nil {
				b.Error(err)
			}
		}
		return builder.Cube(1)
	}))
	return build.(func() *hexcube.Cube)()
}

func eachSize(b *testing.B, bench func(b *testing.B, n int)) {
	for _, n := range sizes {
		b.Run(fmt.Sprintf("rows=%d", n), func(b *testing.B) { bench(b, n) })
	}
}

func BenchmarkBuild(b *testing.B) {
	eachSize(b, func(b *testing.B, n int) {
		rows := rowsOf(n)
		for b.Loop() {
			cube, err := hexcube.Build(rows, 1)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(cube.Snapshot().MemoryBytes())/float64(n), "bytes/row")
		}
		b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	})
}

// evening is « le soir, du lundi au vendredi ».
func evening() (hours hexcube.HourSet) {
	for day := range 5 {
		for hour := 18; hour < 24; hour++ {
			hours.Add(hexcube.HourOf(day, hour))
		}
	}
	return hours
}

// around returns the ranges of the hexagons that stand for a tile in the middle
// of the city: the disk of k steps around it.
func around(b *testing.B, r hexgrid.Resolution, k int) []hexcube.Range {
	disk, err := someCells[0].Parent(r).Disk(k)
	if err != nil {
		b.Fatal(err)
	}
	var ranges []hexcube.Range
	for _, cell := range disk {
		first, last := cell.DescendantRange(hexgrid.Stored)
		ranges = append(ranges, hexcube.Range{First: first, Last: last})
	}
	return ranges
}

var places = []struct {
	name       string
	resolution hexgrid.Resolution
	steps      int // 0 is the whole city
}{
	{"z8 whole city", 7, 0},
	{"z10 whole city", 8, 0},
	{"z12", 9, 10},
	{"z14", 10, 8},
	{"z16", 11, 5},
}

var filters = []struct {
	name  string
	query hexcube.Query
}{
	{"unfiltered", hexcube.Query{}},
	{"month", hexcube.Query{Filter: hexcube.Filter{From: month(2020, 5), To: month(2020, 6)}}},
	{"theme", hexcube.Query{Filter: hexcube.Filter{Themes: 1 << 2}}},
	{"theme felt", hexcube.Query{Filter: hexcube.Filter{Themes: 1 << 2, Felt: hexcube.Unsafe}}},
	{"theme hours", hexcube.Query{Filter: hexcube.Filter{Themes: 1 << 2, Hours: evening()}}},
	{"theme hours reporters", hexcube.Query{Filter: hexcube.Filter{Themes: 1 << 2, Hours: evening()}, Reporters: true}},
	{"theme hours felt", hexcube.Query{Filter: hexcube.Filter{Themes: 1 << 2, Hours: evening(), Felt: hexcube.Unsafe}}},
	{"hours", hexcube.Query{Filter: hexcube.Filter{Hours: evening()}}},
	{"hours signalements", hexcube.Query{Filter: hexcube.Filter{Hours: evening(), Source: hexcube.Signalements}}},
	{"hours reporters", hexcube.Query{Filter: hexcube.Filter{Hours: evening(), Source: hexcube.Signalements}, Reporters: true}},
	{"origin", hexcube.Query{Filter: hexcube.Filter{Origins: []uint16{2}}}},
	{"quartier hours", hexcube.Query{Filter: hexcube.Filter{Hours: evening()}, Quartier: 3}},
}

func month(year int, m time.Month) int64 {
	return time.Date(year, m, 1, 0, 0, 0, 0, time.UTC).Unix()
}

func BenchmarkCounts(b *testing.B) {
	eachSize(b, func(b *testing.B, n int) {
		for _, p := range places {
			for _, f := range filters {
				b.Run(p.name+"/"+f.name, func(b *testing.B) {
					s := city(b, n).Snapshot()
					q := f.query
					q.Resolution = p.resolution
					if p.steps > 0 {
						q.Ranges = around(b, p.resolution, p.steps)
					}
					var counts []hexcube.Count
					for b.Loop() {
						counts, _ = s.AppendCounts(counts[:0], q)
					}
					b.ReportMetric(float64(len(counts)), "hexagons")
				})
			}
		}
	})
}

// BenchmarkApply writes one new signalement and reads the totals of the whole
// city, which must be counted anew where it fell.
func BenchmarkApply(b *testing.B) {
	eachSize(b, func(b *testing.B, n int) {
		cube := city(b, n)
		rows := rowsOf(1000)
		written := 0
		for _, r := range []hexgrid.Resolution{11, 10, 9, 8, 6} {
			b.Run(fmt.Sprintf("resolution=%d", r), func(b *testing.B) {
				for b.Loop() {
					written++
					row := rows[written%len(rows)]
					row.ID = hexcube.ID{0xff, byte(written >> 16), byte(written >> 8), byte(written)}
					if err := cube.Apply(hexcube.Changes{Upserts: []hexcube.Row{row}}, cube.Snapshot().Revision()+1); err != nil {
						b.Fatal(err)
					}
					if _, err := cube.Snapshot().Counts(hexcube.Query{Resolution: r}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	})
}
