package hexcube_test

import (
	"fmt"
	"time"

	"github.com/paulmach/orb"

	"quietude/geo/hexcube"
	"quietude/geo/hexgrid"
)

// Two residents mark a square in Chambéry, one of them twice, and somebody reports
// noise there on a Friday night.
func Example() {
	square, err := hexgrid.CellOf(orb.Point{5.9224, 45.5664}, hexgrid.Stored) // longitude, latitude
	if err != nil {
		fmt.Println(err)
		return
	}
	night := time.Date(2026, time.March, 13, 23, 10, 0, 0, time.UTC)
	const noise hexcube.ThemeSet = 1 << 0
	cube, err := hexcube.Build([]hexcube.Row{
		{ID: hexcube.ID{1}, Cell: square, At: night.Unix(), Contributor: 1, Atelier: 1, Felt: hexcube.Unsafe, Anchor: true},
		{ID: hexcube.ID{2}, Cell: square, At: night.Unix(), Contributor: 1, Atelier: 1, Felt: hexcube.Unsafe, Anchor: true},
		{ID: hexcube.ID{3}, Cell: square, At: night.Unix(), Contributor: 2, Atelier: 1, Felt: hexcube.Safe, Anchor: true},
		{ID: hexcube.ID{4}, Cell: square, At: night.Unix(), Contributor: 3, Themes: noise, Hour: hexcube.HourAt(night)},
	}, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	show := func(s *hexcube.Snapshot, f hexcube.Filter) {
		counts, err := s.Counts(hexcube.Query{Filter: f, Resolution: 10})
		for _, c := range counts {
			contested, _ := c.Contested()
			fmt.Printf("unsafe: %d voice, %d markers; safe: %d voice; contested: %.0f; signalements: %d\n",
				c.Unsafe, c.UnsafeMarkers, c.Safe, contested, c.Signalements)
		}
		if err != nil {
			fmt.Println(err)
		}
	}

	before := cube.Snapshot()
	show(before, hexcube.Filter{})

	var fridayNight hexcube.HourSet
	fridayNight.Add(hexcube.HourOf(4, 22))
	fridayNight.Add(hexcube.HourOf(4, 23))
	show(before, hexcube.Filter{Themes: noise, Hours: fridayNight})

	// A marker is taken back: the next snapshot knows, the one at hand never changes.
	if err := cube.Apply(hexcube.Changes{Deletes: []hexcube.ID{{3}}}, 2); err != nil {
		fmt.Println(err)
	}
	show(cube.Snapshot(), hexcube.Filter{Source: hexcube.Markers})
	show(before, hexcube.Filter{Source: hexcube.Markers})
	// Output:
	// unsafe: 1 voice, 2 markers; safe: 1 voice; contested: 1; signalements: 1
	// unsafe: 0 voice, 0 markers; safe: 0 voice; contested: 0; signalements: 1
	// unsafe: 1 voice, 2 markers; safe: 0 voice; contested: 0; signalements: 0
	// unsafe: 1 voice, 2 markers; safe: 1 voice; contested: 1; signalements: 0
}
