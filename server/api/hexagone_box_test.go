package api_test

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"quietude/geo/hexgrid"
	"quietude/server/atelier"
	"quietude/server/pgtest"
)

// inBox reads /api/v1/hexagones.
func inBox(n *node, box orb.Bound, r hexgrid.Resolution, query string) (map[string]number, *geojson.FeatureCollection) {
	n.t.Helper()
	w := n.get(fmt.Sprintf("/api/v1/hexagones?bbox=%s&resolution=%d%s", written(box), r, query))
	if w.Code != http.StatusOK {
		n.t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	all, err := geojson.UnmarshalFeatureCollection(w.Body.Bytes())
	if err != nil {
		n.t.Fatal(err)
	}
	out := map[string]number{}
	for _, f := range all.Features {
		p := f.Properties
		out[f.ID.(string)] = number{Unsafe: p.MustInt("unsafe"), Safe: p.MustInt("safe"), Markers: p.MustInt("markers"), Signalements: p.MustInt("signalements")}
	}
	return out, all
}

func written(b orb.Bound) string {
	return fmt.Sprintf("%f,%f,%f,%f", b.Min[0], b.Min[1], b.Max[0], b.Max[1])
}

// someBox draws a box, small ones more often, on the grid that written keeps.
func someBox(within orb.Bound, chance *rand.Rand) orb.Bound {
	size := chance.Float64() * chance.Float64() * 0.05
	west := within.Min[0] + chance.Float64()*(within.Max[0]-within.Min[0])
	south := within.Min[1] + chance.Float64()*(within.Max[1]-within.Min[1])
	rounded := func(v float64) float64 { return math.Round(v*1e6) / 1e6 }
	return orb.Bound{Min: orb.Point{rounded(west), rounded(south)}, Max: orb.Point{rounded(west + size), rounded(south + size/2)}}
}

// decoded is the text of an answer, however it travelled.
func decoded(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	var body io.Reader = bytes.NewReader(w.Body.Bytes())
	var err error
	switch w.Header().Get("Content-Encoding") {
	case "gzip":
		body, err = gzip.NewReader(body)
	case "zstd":
		body, err = zstd.NewReader(body)
	}
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// fromCSV reads a table and checks its names.
func fromCSV(n *node, path string) map[string]number {
	n.t.Helper()
	w := n.get(path)
	if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/csv") ||
		!strings.Contains(w.Header().Get("Content-Disposition"), "attachment") {
		n.t.Fatalf("status %d: %v %s", w.Code, w.Header(), w.Body)
	}
	lines, err := csv.NewReader(w.Body).ReadAll()
	if err != nil || strings.Join(lines[0], " ") != "h3 resolution quartier unsafe safe markers signalements contested" {
		n.t.Fatalf("%v: %v", err, lines)
	}
	out := map[string]number{}
	for _, l := range lines[1:] {
		var v [4]int
		for i := range v {
			if v[i], err = strconv.Atoi(l[3+i]); err != nil {
				n.t.Fatal(err)
			}
		}
		out[l[0]] = number{Unsafe: v[0], Safe: v[1], Markers: v[2], Signalements: v[3]}
	}
	return out
}

// TestBoxesAgree asks for boxes of many sizes and compares with the hexagons of
// the whole territoire, chosen by their outlines, and with SQL.
func TestBoxesAgree(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	chance := rand.New(rand.NewPCG(11, 12))
	fill(n, chance)
	whole := n.city.Emprise.Pad(0.01)
	for r := hexgrid.Coarsest; r <= hexgrid.Stored; r++ {
		everything, features := inBox(n, orb.Bound{Min: orb.Point{-180, -90}, Max: orb.Point{180, 90}}, r, "")
		compare(t, fmt.Sprintf("the world at %d", r), everything, oracle(n, "", r, question{"", "true", "true"}))
		for range 12 {
			box := someBox(whole, chance)
			got, _ := inBox(n, box, r, "")
			want := map[string]number{}
			for _, f := range features.Features {
				if f.Geometry.Bound().Intersects(box) {
					want[f.ID.(string)] = everything[f.ID.(string)]
				}
			}
			compare(t, fmt.Sprintf("%v at %d", box, r), got, want)
			compare(t, "table", fromCSV(n, fmt.Sprintf("/api/v1/hexagones.csv?bbox=%s&resolution=%d", written(box), r)), got)
		}
		compare(t, "table of CE", fromCSV(n, fmt.Sprintf("/api/v1/quartiers/CE/hexagones.csv?resolution=%d", r)), fromGeoJSON(n, "CE", r, ""))
	}
	if nothing, _ := inBox(n, orb.Bound{Min: orb.Point{10, 10}, Max: orb.Point{11, 11}}, 9, ""); len(nothing) > 0 {
		t.Errorf("%d hexagons in the Sahara", len(nothing))
	}
}

func TestHexagonsAreRefused(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	for path, field := range map[string]string{
		"/api/v1/hexagones":                                "bbox",
		"/api/v1/hexagones?bbox=":                          "bbox",
		"/api/v1/hexagones?bbox=6,45,5,46":                 "bbox",
		"/api/v1/hexagones?bbox=NaN,45,6,46":               "bbox",
		"/api/v1/hexagones.csv?bbox=5,45,6":                "bbox",
		"/api/v1/quartiers/CE/hexagones?hours=24":          "hours",
		"/api/v1/quartiers/CE/hexagones?hours=22-5":        "hours",
		"/api/v1/quartiers/CE/hexagones?hours=18-":         "hours",
		"/api/v1/quartiers/CE/hexagones?days=0":            "days",
		"/api/v1/quartiers/CE/hexagones?days=6-1":          "days",
		"/tiles/hexagones/14/8461/5847.mvt?hours=1,2,x":    "hours",
		"/api/v1/quartiers/CE/hexagones.csv?resolution=12": "resolution",
	} {
		var problem struct{ Field string }
		n.into(n.get(path), http.StatusBadRequest, &problem)
		if problem.Field != field {
			t.Errorf("%s: field %q, want %q", path, problem.Field, field)
		}
	}
}

// TestKeptAnswersFollowTheData asks for the same again and again, with and
// without its ETag and encodings, while the data changes now and then.
func TestKeptAnswersFollowTheData(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	fill(n, rand.New(rand.NewPCG(13, 14)))
	ask := func(path, encoding, tag string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("Accept-Encoding", encoding)
		if tag != "" {
			r.Header.Set("If-None-Match", tag)
		}
		// The contract is about the text, which do cannot see compressed.
		w := httptest.NewRecorder()
		n.handler.ServeHTTP(w, r)
		return w
	}
	for _, path := range []string{centreTile("hexagones"), "/api/v1/quartiers/CE/hexagones", "/api/v1/hexagones.csv?bbox=5.8,45.5,6,45.7"} {
		before := ""
		for range 3 {
			first := ask(path, "", "")
			tag := first.Header().Get("ETag")
			if first.Code != http.StatusOK || tag == before {
				t.Fatalf("%s: status %d, tag %s after %s", path, first.Code, tag, before)
			}
			for range 4 {
				for _, encoding := range []string{"", "gzip", "zstd, gzip", "gzip;q=0"} {
					again := ask(path, encoding, "")
					if got := decoded(t, again); got != first.Body.String() || again.Header().Get("Cache-Control") != "private, no-cache" {
						t.Fatalf("%s with %q: %d bytes of text, want %d", path, encoding, len(got), first.Body.Len())
					}
					if known := ask(path, encoding, again.Header().Get("ETag")); known.Code != http.StatusNotModified || known.Body.Len() > 0 {
						t.Fatalf("%s with %q: status %d for a known tag", path, encoding, known.Code)
					}
				}
			}
			before = tag
			pgtest.Signalement(t, n.pool, func(s *atelier.Signalement) { s.Position = orb.Point{5.9178, 45.5646} })
			n.maps.Touch(pgtest.Chambery)
			// This one is computed, and compressed on its way.
			changed := ask(path, "gzip", tag)
			if changed.Code != http.StatusOK || changed.Header().Get("Content-Encoding") != "gzip" {
				t.Fatalf("%s: status %d, %q for the tag of older data", path, changed.Code, changed.Header().Get("Content-Encoding"))
			}
			if got, want := decoded(t, changed), ask(path, "", "").Body.String(); got != want {
				t.Fatalf("%s: %d bytes of text while compressed, want %d", path, len(got), len(want))
			}
		}
	}
}

// BenchmarkKept asks for one tile again and again, without and with its ETag.
func BenchmarkKept(b *testing.B) {
	n := newNode(b)
	fill(n, rand.New(rand.NewPCG(13, 14)))
	for _, known := range []bool{false, true} {
		b.Run(fmt.Sprintf("known=%v", known), func(b *testing.B) {
			w := httptest.NewRecorder()
			r := httptest.NewRequest(http.MethodGet, centreTile("hexagones"), nil)
			for range 3 {
				n.handler.ServeHTTP(w, r)
			}
			if known {
				r.Header.Set("If-None-Match", w.Header().Get("ETag"))
			}
			b.ReportAllocs()
			for b.Loop() {
				w = httptest.NewRecorder()
				n.handler.ServeHTTP(w, r)
			}
		})
	}
}
