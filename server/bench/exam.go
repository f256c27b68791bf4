package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/maptile"

	"quietude/geo/hexcube"
	"quietude/geo/hexgrid"
	"quietude/server/hexmap"
)

// exam asks the servers; the fields are their addresses.
type exam struct {
	*bench
	kept, computed, alternative string
	questions                   []question
	sample                      answer // a tile of zoom 14, unfiltered
}

func (e *exam) run(ctx context.Context) error {
	for _, step := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"same", e.sameAnswers}, {"filtered", e.filtered}, {"slowest", e.slowest}, {"unfiltered", e.unfilteredRates},
		{"growth", e.growth}, {"repeated", e.repeated}, {"collections", e.collections}, {"distinct", e.distinct}, {"incidents", e.realIncidents},
	} {
		if e.only != "" && e.only != step.name {
			continue
		}
		if err := step.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
	}
	return nil
}

// tilesPerZoom are those where things happen, one for each of the first items.
const tilesPerZoom = 16

func tilesOf(c city, zoom int) (tiles []maptile.Tile) {
	seen := map[maptile.Tile]bool{}
	tried := 0
	for it := range c.items() {
		at := maptile.At(it.at, maptile.Zoom(zoom))
		if !seen[at] {
			seen[at] = true
			tiles = append(tiles, at)
		}
		if tried++; len(tiles) == tilesPerZoom || tried == 1000 {
			break
		}
	}
	return tiles
}

func tilePath(c city, t maptile.Tile, query string) string {
	return fmt.Sprintf("/tiles/hexagones/%d/%d/%d.mvt?territoire=%s&%s", t.Z, t.X, t.Y, c.territoire, query)
}

func (e *exam) unfiltered(c city, zoom int) (paths []string) {
	for _, t := range tilesOf(c, zoom) {
		paths = append(paths, strings.TrimSuffix(tilePath(c, t, ""), "&"))
	}
	return paths
}

// pairs asks each side the same: some thousand pairs of tile and question.
func (e *exam) pairs(c city, zoom int) (ours, theirs []string) {
	tiles := tilesOf(c, zoom)
	var suitable []int // real incidents may be known by their day only
	for n, q := range e.questions {
		if (q.hours == nil) == (c.real != nil) {
			suitable = append(suitable, n)
		}
	}
	for i := range 4000 {
		n := suitable[i*7%len(suitable)]
		t := tiles[i%len(tiles)]
		ours = append(ours, tilePath(c, t, e.questions[n].query))
		theirs = append(theirs, fmt.Sprintf("/tile/%s/%d/%d/%d/%d", c.territoire, n, t.Z, t.X, t.Y))
	}
	return ours, theirs
}

var zooms = []int{10, 12, 14, 16}

// sameAnswers decodes tiles of both sides: a race between different answers
// would mean nothing.
func (e *exam) sameAnswers(context.Context) error { return e.sameIn(e.small) }

func (e *exam) sameIn(c city) error {
	hexagons := 0
	for _, zoom := range zooms {
		ours, theirs := e.pairs(c, zoom)
		for i := range tilesPerZoom {
			mine, err := e.decoded(e.computed, ours[i])
			if err != nil {
				return err
			}
			other, err := e.decoded(e.alternative, theirs[i])
			if err != nil {
				return err
			}
			if !maps.Equal(inside(mine, ours[i]), inside(other, ours[i])) {
				return fmt.Errorf("%s: %d hexagons here, %d in SQL, or other numbers", ours[i], len(mine), len(other))
			}
			hexagons += len(mine)
		}
	}
	e.printf("both sides give the same numbers for %d hexagons of %d tiles\n\n", hexagons, len(zooms)*tilesPerZoom)
	return nil
}

// inside keeps the hexagons with their centre on the tile of a path. Which of
// those beyond its border it shows too is a matter of boxes and outlines.
func inside(all map[string]numbers, path string) map[string]numbers {
	var z, x, y uint32
	if _, err := fmt.Sscanf(path, "/tiles/hexagones/%d/%d/%d.mvt", &z, &x, &y); err != nil {
		panic(err) // the paths are made here
	}
	box := maptile.New(x, y, maptile.Zoom(z)).Bound()
	maps.DeleteFunc(all, func(h3 string, _ numbers) bool {
		cell, err := hexgrid.ParseCell(h3)
		return err != nil || !box.Contains(cell.Centre())
	})
	return all
}

type numbers struct{ unsafe, safe, markers, signalements float64 }

func (e *exam) decoded(address, path string) (map[string]numbers, error) {
	got, err := fetch(address, path)
	if err != nil {
		return nil, err
	}
	layers, err := mvt.Unmarshal(got.body)
	if err != nil {
		return nil, err
	}
	out := map[string]numbers{}
	for _, l := range layers {
		for _, f := range l.Features {
			p := f.Properties
			out[p.MustString("h3")] = numbers{p.MustFloat64("unsafe"), p.MustFloat64("safe"), p.MustFloat64("markers"), p.MustFloat64("signalements")}
		}
	}
	return out, nil
}

func target200(name, address string, paths ...string) *target {
	return &target{name: name, address: address, paths: paths, status: http.StatusOK}
}

func (e *exam) filtered(context.Context) error {
	for _, zoom := range zooms {
		ours, theirs := e.pairs(e.large, zoom)
		c, err := e.versus(target200(fmt.Sprintf("z%d theme × hours", zoom), e.computed, ours...),
			target200(fmt.Sprintf("z%d theme × hours, SQL", zoom), e.alternative, theirs...))
		if err != nil {
			return err
		}
		name := fmt.Sprintf("tile_filtered_z%d", zoom)
		if zoom == 14 {
			e.result("tile_filtered_vs_sql", c.ratio())
		}
		e.result(name+"_vs_sql", c.ratio())
		if e.vast != e.large {
			// SQL has no such city here, and shares no processor.
			paths, _ := e.pairs(e.vast, zoom)
			t := target200(fmt.Sprintf("z%d theme × hours, %d rows", zoom, e.vast.rows), e.computed, paths...)
			got, err := t.ask(e.round * time.Duration(e.rounds))
			if err != nil {
				return err
			}
			c.ours = []sample{got}
			e.printf("%-44s %s\n\n", t.name, describe(c.ours))
		}
		e.result(name+"_p99_ms", milliseconds(percentile(c.ours, 99)))
	}
	return nil
}

// realIncidents asks what filtered asks, of real cities.
func (e *exam) realIncidents(context.Context) error {
	for _, city := range e.real {
		if err := e.sameIn(city); err != nil {
			return err
		}
		for _, zoom := range []int{12, 14} {
			ours, theirs := e.pairs(city, zoom)
			name := fmt.Sprintf("%s, %d rows, z%d theme", city.real.name, city.rows, zoom)
			c, err := e.versus(target200(name, e.computed, ours...), target200(name+", SQL", e.alternative, theirs...))
			if err != nil {
				return err
			}
			e.result(fmt.Sprintf("%s_z%d_vs_sql", city.real.name, zoom), c.ratio())
		}
	}
	return nil
}

// slowest asks for all of the city at once. One connection, since each answer
// would otherwise wait for the others.
func (e *exam) slowest(context.Context) error {
	tile := maptile.At(orb.Point{5.9178, 45.5646}, 10)
	for name, query := range map[string]string{
		"whole_city_hours_p99_ms":            "hours=18-23",
		"whole_city_month_theme_felt_p99_ms": "theme=CIR&felt=unsafe&from=2020-05-01&to=2020-05-31",
	} {
		t := target200("z10 "+query, e.computed, tilePath(e.vast, tile, query))
		got, err := t.alone(e.round * 4)
		if err != nil {
			return err
		}
		e.printf("%-60s %s\n", t.name+", 1 connection", describe([]sample{got}))
		e.result(name, milliseconds(percentile([]sample{got}, 99)))
	}
	e.printf("\n")
	return nil
}

func (e *exam) unfilteredRates(context.Context) error {
	plain := target200("z14 unfiltered, computed", e.computed, e.unfiltered(e.vast, 14)...)
	zipped := target200("z14 unfiltered, computed and compressed", e.computed, e.unfiltered(e.vast, 14)...)
	zipped.header = "Accept-Encoding: gzip\r\n"
	c, err := e.versus(plain, zipped)
	if err != nil {
		return err
	}
	e.result("tile_unfiltered_per_s", medianRate(c.ours))
	e.result("tile_unfiltered_p99_ms", milliseconds(percentile(c.ours, 99)))
	e.result("tile_unfiltered_gzip_per_s", medianRate(c.theirs))
	return nil
}

func medianRate(samples []sample) float64 {
	rates := make([]float64, len(samples))
	for i, s := range samples {
		rates[i] = s.rate()
	}
	return median(rates)
}

// growth compares cities of ten times as many rows, on the same tiles.
func (e *exam) growth(context.Context) error {
	if err := e.growthBetween(e.small, e.large); err != nil || e.large == e.vast {
		return err
	}
	return e.growthBetween(e.large, e.vast)
}

func (e *exam) growthBetween(small, large city) error {
	scale := fmt.Sprintf("%s_%s", short(small.rows), short(large.rows))
	tiles := e.unfiltered(small, 14)
	c, err := e.versus(target200(fmt.Sprintf("z14 unfiltered, %d rows", small.rows), e.computed, tiles...),
		target200(fmt.Sprintf("z14 unfiltered, %d rows", large.rows), e.computed, inTerritoire(tiles, small, large)...))
	if err != nil {
		return err
	}
	e.result("growth_"+scale, c.ratio())
	questions, _ := e.pairs(small, 16)
	c, err = e.versus(target200(fmt.Sprintf("z16 theme × hours, %d rows", small.rows), e.computed, questions...),
		target200(fmt.Sprintf("z16 theme × hours, %d rows", large.rows), e.computed, inTerritoire(questions, small, large)...))
	e.result("growth_filtered_z16_"+scale, c.ratio())
	return err
}

// inTerritoire asks of one city what was asked of another.
func inTerritoire(paths []string, of, instead city) []string {
	moved := make([]string, len(paths))
	for i, path := range paths {
		moved[i] = strings.Replace(path, of.territoire, instead.territoire, 1)
	}
	return moved
}

func short(rows int) string {
	if rows >= 1_000_000 {
		return fmt.Sprintf("%dm", rows/1_000_000)
	}
	return fmt.Sprintf("%dk", rows/1_000)
}

// repeated asks for one tile again and again.
func (e *exam) repeated(context.Context) error {
	path := e.unfiltered(e.vast, 14)[0]
	c, err := e.versus(target200(fmt.Sprintf("the same tile, %d bytes", len(e.sample.body)), e.kept, path),
		target200("the same bytes from gin", e.alternative, "/kept?territoire="+e.vast.territoire))
	if err != nil {
		return err
	}
	e.result("tile_cached_vs_gin", c.ratio())
	e.result("tile_cached_p99_ms", milliseconds(percentile(c.ours, 99)))
	known := &target{name: "a tile that the client has", address: e.kept, paths: []string{path}, status: http.StatusNotModified}
	known.header = "If-None-Match: " + e.sample.tag + "\r\n"
	c, err = e.versus(known, &target{name: "an empty 304 from gin", address: e.alternative, paths: []string{"/known?territoire=" + e.vast.territoire}, header: known.header, status: http.StatusNotModified})
	e.result("etag_vs_gin", c.ratio())
	return err
}

// collections asks for GeoJSON.
func (e *exam) collections(context.Context) error {
	for _, q := range []struct{ name, path string }{
		{"geojson_quartier", "/api/v1/quartiers/Q3/hexagones?resolution=10&territoire=" + e.vast.territoire},
		{"geojson_city", "/api/v1/hexagones?bbox=5,45,7,46&resolution=10&territoire=" + e.vast.territoire},
	} {
		got, err := fetch(e.computed, q.path)
		if err != nil {
			return err
		}
		all, err := geojson.UnmarshalFeatureCollection(got.body)
		if err != nil {
			return err
		}
		t := target200(q.name, e.computed, q.path)
		s, err := t.alone(e.round * 4)
		if err != nil {
			return err
		}
		features := len(all.Features)
		e.printf("%-44s %s  %d features, 1 connection\n", q.name, describe([]sample{s}), features)
		e.result(q.name+"_ms", milliseconds(percentile([]sample{s}, 50)))
		if q.name == "geojson_city" {
			if s, err = t.ask(e.round * 4); err != nil {
				return err
			}
			e.result("geojson_features_per_s", s.rate()*float64(features))
		}
	}
	return nil
}

// distinct compares counting people with counting what they sent, in memory and
// in the processor's time.
func (e *exam) distinct(ctx context.Context) error {
	view, err := e.maps.View(ctx, e.vast.territoire)
	if err != nil {
		return err
	}
	for _, resolution := range []hexgrid.Resolution{10, 9, 8, 7} {
		q, _ := view.Query(hexmap.Filter{Source: "signalements", Hours: evening()}, resolution)
		var additive, distinct, ratios []float64
		for range 3 * e.rounds {
			var took [2]float64
			for i := range took {
				q.Reporters = i == 1
				start := processorTime()
				if _, err := view.Counts(q); err != nil {
					return err
				}
				took[i] = milliseconds(processorTime() - start)
			}
			additive, distinct, ratios = append(additive, took[0]), append(distinct, took[1]), append(ratios, took[1]/took[0])
		}
		e.printf("whole city, evenings, resolution %d: additive counts %.3g ms of processor, with distinct people %.3g ms, ratio %.3g\n",
			resolution, median(additive), median(distinct), median(ratios))
		name := "distinct_vs_additive"
		if resolution != 10 {
			name = fmt.Sprintf("%s_r%d", name, resolution)
		}
		e.result(name, median(ratios))
	}
	return nil
}

func evening() (set hexcube.HourSet) {
	for day := range 7 {
		for hour := 18; hour < 24; hour++ {
			set.Add(hexcube.HourOf(day, hour))
		}
	}
	return set
}
