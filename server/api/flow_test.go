package api_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"quietude/geo"
	"quietude/server/pgtest"
)

// report sends a signalement and gives what is stored of it.
func (n *node) report(at orb.Point, theme string) (id string, quartier *string) {
	n.t.Helper()
	var f struct {
		ID         string
		Properties struct{ Quartier *string }
	}
	body := fmt.Sprintf(`{"id":"%s","geometry":{"type":"Point","coordinates":[%v,%v]},"theme":"%s","occurred_from":"2026-03-19T22:30:00Z"}`,
		uuid.Must(uuid.NewV7()), at[0], at[1], theme)
	n.into(n.post("/api/v1/signalements", body), http.StatusCreated, &f)
	return f.ID, f.Properties.Quartier
}

// TestSignalementIsCountedAtOnce reports a place and looks at the map.
func TestSignalementIsCountedAtOnce(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	const map10 = "/api/v1/quartiers/CE/hexagones?resolution=10"
	empty := n.get(map10)
	for want := 1; want <= 3; want++ {
		n.report(orb.Point{5.9178, 45.5646}, "BRU")
		total := 0
		for _, c := range fromGeoJSON(n, "CE", 10, "") {
			total += c.Signalements
		}
		if total != want {
			t.Fatalf("%d signalements on the map, want %d", total, want)
		}
	}
	full := n.get(map10)
	if full.Header().Get("ETag") == empty.Header().Get("ETag") {
		t.Error("the tag did not change with the content")
	}
	for tag, want := range map[string]int{full.Header().Get("ETag"): http.StatusNotModified, empty.Header().Get("ETag"): http.StatusOK} {
		r := httptest.NewRequest(http.MethodGet, map10, nil)
		r.Header.Set("If-None-Match", tag)
		if w := n.do(r); w.Code != want {
			t.Errorf("If-None-Match %s: %d, want %d", tag, w.Code, want)
		}
	}
	if n.get(map10+"&theme=OCC").Header().Get("ETag") == full.Header().Get("ETag") {
		t.Error("two questions share a tag")
	}
	n.start() // a restarted server does not repeat the tags of the one before
	if n.get(map10).Header().Get("ETag") == full.Header().Get("ETag") {
		t.Error("two processes share a tag")
	}
}

// TestBordersBelongToOneQuartier reports places on the very vertices that two
// quartiers share; each lands in the first of its quartiers by code.
func TestBordersBelongToOneQuartier(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	owners := map[orb.Point]string{}
	shared := []orb.Point{}
	for code, shape := range pgtest.Quartiers(t) {
		for _, ring := range shape[0] {
			for _, p := range ring[1:] {
				first, known := owners[p]
				if known && first != code {
					shared = append(shared, p)
				}
				if !known || code < first {
					owners[p] = code
				}
			}
		}
	}
	if len(shared) < 50 {
		t.Fatalf("only %d shared vertices", len(shared))
	}
	for _, p := range shared[:50] {
		if _, got := n.report(geo.Snap(p), "PRO"); got == nil || *got != owners[p] {
			t.Errorf("%v: quartier %v, want %s", p, got, owners[p])
		}
	}
	total := 0
	for code := range pgtest.Quartiers(t) {
		for _, c := range fromGeoJSON(n, code, 11, "") {
			total += c.Signalements
		}
	}
	if total != 50 {
		t.Errorf("%d signalements over all quartiers, want 50", total)
	}
}

// TestPagesOfSignalements follows next to the end.
func TestPagesOfSignalements(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	want := map[string]bool{}
	for range 7 {
		id, _ := n.report(orb.Point{5.9178, 45.5646}, "CIR")
		want[id] = true
	}
	pages, next := 0, ""
	for {
		var c struct {
			Features []struct{ ID string }
			Next     string
		}
		n.into(n.get("/api/v1/signalements?limit=3&theme=CIR&cursor="+url.QueryEscape(next)), http.StatusOK, &c)
		for _, f := range c.Features {
			if !want[f.ID] {
				t.Errorf("%s is listed twice", f.ID)
			}
			delete(want, f.ID)
		}
		pages++
		if next = c.Next; next == "" {
			break
		}
	}
	if pages != 3 || len(want) > 0 {
		t.Errorf("%d pages, %d signalements never listed", pages, len(want))
	}
}

// TestHeadAnswersLikeGet compares the headers of both.
func TestHeadAnswersLikeGet(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	web := httptest.NewServer(n.handler)
	defer web.Close()
	for _, path := range []string{"/api/v1/territoires", "/api/v1/quartiers", "/api/v1/quartiers/CE/hexagones", centreTile("quartiers"), "/healthz"} {
		get, err := web.Client().Get(web.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		get.Body.Close()
		head, err := web.Client().Head(web.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		head.Body.Close()
		for _, name := range []string{"Content-Type", "Cache-Control"} {
			if head.StatusCode != get.StatusCode || head.Header.Get(name) != get.Header.Get(name) {
				t.Errorf("%s: HEAD %d %q, GET %d %q", path, head.StatusCode, head.Header.Get(name), get.StatusCode, get.Header.Get(name))
			}
		}
	}
}
