package api_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/maptile"

	"quietude/server/auth"
	"quietude/server/importer"
	"quietude/server/pgtest"
	"quietude/server/store"
)

// newStreetNode is a server with the streets and landmarks of Chambéry too.
func newStreetNode(t testing.TB) *node {
	t.Helper()
	n := &node{t: t, pool: pgtest.Pool(t), log: &bytes.Buffer{}}
	n.public = pgtest.Public(t, n.pool)
	s := store.New(n.pool)
	if _, err := importer.LoadChambery(context.Background(), s); err != nil {
		t.Fatal(err)
	}
	var err error
	if n.city, err = s.Territoire(context.Background(), pgtest.Chambery); err != nil {
		t.Fatal(err)
	}
	n.start()
	return n
}

// centreTile is a tile of the centre of Chambéry.
func centreTile(layer string) string {
	at := maptile.At(orb.Point{5.9178, 45.5646}, 14)
	return fmt.Sprintf("/tiles/%s/%d/%d/%d.mvt", layer, at.Z, at.X, at.Y)
}

// drawn gives the features of a layer in all tiles of a zoom over the city.
func drawn(n *node, layer string, zoom maptile.Zoom) (features []*geojson.Feature, tiles int) {
	n.t.Helper()
	box := n.city.Emprise
	first, last := maptile.At(orb.Point{box.Min[0], box.Max[1]}, zoom), maptile.At(orb.Point{box.Max[0], box.Min[1]}, zoom)
	for x := first.X; x <= last.X; x++ {
		for y := first.Y; y <= last.Y; y++ {
			w := n.get(fmt.Sprintf("/tiles/%s/%d/%d/%d.mvt", layer, zoom, x, y))
			if w.Code == http.StatusNoContent {
				continue
			}
			layers, err := mvt.Unmarshal(w.Body.Bytes())
			if w.Code != http.StatusOK || err != nil || len(layers) != 1 || layers[0].Name != layer || layers[0].Version != 2 || layers[0].Extent != 4096 {
				n.t.Fatalf("%s %d/%d/%d: status %d, %v", layer, zoom, x, y, w.Code, err)
			}
			features = append(features, layers[0].Features...)
			tiles++
		}
	}
	return features, tiles
}

func TestDrawnTiles(t *testing.T) {
	t.Parallel()
	n := newStreetNode(t)
	for _, c := range []struct {
		layer, property string
		zoom            maptile.Zoom
		want            int
	}{
		{"quartiers", "code", 9, 7}, {"quartiers", "code", 14, 7}, {"reperes", "repere", 15, 156}, {"reperes", "repere", 11, 0},
	} {
		features, _ := drawn(n, c.layer, c.zoom)
		seen := map[string]bool{}
		for _, f := range features {
			seen[f.Properties.MustString(c.property)] = true
		}
		if len(seen) != c.want {
			t.Errorf("%s at zoom %d: %d features, want %d", c.layer, c.zoom, len(seen), c.want)
		}
	}
	streets, _ := drawn(n, "voirie", 15)
	ids := map[any]bool{}
	for _, f := range streets {
		ids[f.ID] = true
	}
	if len(ids) != 673 {
		t.Errorf("%d streets at zoom 15, want 673", len(ids))
	}
	roads, _ := drawn(n, "voirie", 11)
	for _, f := range roads {
		if d := f.Properties.MustString("domanialite"); d != "NAT" && d != "DEP" && d != "AUT" {
			t.Errorf("a street of %s at zoom 11", d)
		}
	}
	if len(roads) == 0 {
		t.Error("no road at zoom 11")
	}
}

func TestTilesAreCached(t *testing.T) {
	t.Parallel()
	n := newStreetNode(t)
	path := centreTile("voirie")
	first := n.get(path)
	if first.Code != http.StatusOK || first.Header().Get("Cache-Control") != "public, max-age=3600" {
		t.Fatalf("%d %v", first.Code, first.Header())
	}
	// What is kept needs no table any more.
	if _, err := n.pool.Exec(context.Background(), `delete from voirie`); err != nil {
		t.Fatal(err)
	}
	again := n.get(path)
	if !bytes.Equal(again.Body.Bytes(), first.Body.Bytes()) || again.Header().Get("ETag") != first.Header().Get("ETag") {
		t.Error("the kept tile differs")
	}
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("If-None-Match", first.Header().Get("ETag"))
	if w := n.do(r); w.Code != http.StatusNotModified || w.Body.Len() > 0 {
		t.Errorf("known tile: %d, %d bytes", w.Code, w.Body.Len())
	}
}

// TestTilesOutsideTheCityAskNothing locks the table and scans the world.
func TestTilesOutsideTheCityAskNothing(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	n := newNode(t)
	n.get("/api/v1/territoires")
	lock, err := n.pool.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = lock.Rollback(ctx) }()
	if _, err := lock.Exec(ctx, `lock table voirie, repere in access exclusive mode`); err != nil {
		t.Fatal(err)
	}
	chance := rand.New(rand.NewPCG(5, 6))
	for range 5000 {
		zoom := 6 + chance.IntN(17)
		x, y := chance.IntN(1<<zoom), chance.IntN(1<<zoom)
		if maptile.New(uint32(x), uint32(y), maptile.Zoom(zoom)).Bound(0.1).Intersects(n.city.Emprise) {
			continue
		}
		layer := []string{"voirie", "reperes"}[chance.IntN(2)]
		if w := n.get(fmt.Sprintf("/tiles/%s/%d/%d/%d.mvt", layer, zoom, x, y)); w.Code != http.StatusNoContent {
			t.Fatalf("%s %d/%d/%d: %d", layer, zoom, x, y, w.Code)
		}
	}
}

// TestDroppedClientCancelsItsQuery leaves while the tile waits for a lock.
func TestDroppedClientCancelsItsQuery(t *testing.T) {
	t.Parallel()
	n := newStreetNode(t)
	n.get("/api/v1/territoires")
	lock, err := n.pool.Begin(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = lock.Rollback(context.Background()) }()
	if _, err := lock.Exec(context.Background(), `lock table voirie in access exclusive mode`); err != nil {
		t.Fatal(err)
	}
	waiting := func() bool {
		return pgtest.Count(t, n.pool, `select count(*) from pg_stat_activity
			where datname = current_database() and wait_event_type = 'Lock' and query like '%ST_AsMVT%'`) > 0
	}
	until := func(what string, done func() bool) {
		t.Helper()
		again := time.NewTicker(5 * time.Millisecond)
		defer again.Stop()
		for deadline := time.Now().Add(time.Minute); !done(); {
			if <-again.C; time.Now().After(deadline) {
				t.Fatal(what)
			}
		}
	}
	ctx, leave := context.WithCancel(context.Background())
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		r := httptest.NewRequest(http.MethodGet, centreTile("voirie"), nil).WithContext(ctx)
		n.handler.ServeHTTP(httptest.NewRecorder(), r)
	}()
	until("the query never started", waiting)
	leave()
	until("the query goes on", func() bool { return !waiting() })
	<-answered
}

// TestKeptIsForThoseWhoMayHaveIt: an answer in memory is found before a route is,
// and given to nobody whom the route would refuse; it carries what the route's own
// answer carries, and is counted as one.
func TestKeptIsForThoseWhoMayHaveIt(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	fill(n, rand.New(rand.NewPCG(1, 1)))
	path := centreTile("hexagones")
	asked := func(n *node, name, value string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		if name != "" {
			r.Header.Set(name, value)
		}
		return n.do(r)
	}
	first := asked(n, "", "")
	tag := first.Header().Get("ETag")
	for range 3 { // the second time it is kept
		again := asked(n, "", "")
		if again.Code != http.StatusOK || !bytes.Equal(again.Body.Bytes(), first.Body.Bytes()) || !maps.EqualFunc(again.Header(), first.Header(), slices.Equal) {
			t.Fatalf("kept: %d, %d bytes, %v; computed: %d, %d bytes, %v", again.Code, again.Body.Len(), again.Header(), first.Code, first.Body.Len(), first.Header())
		}
	}
	known := asked(n, "If-None-Match", tag)
	for _, name := range []string{"Etag", "Cache-Control", "Vary"} {
		if known.Code != http.StatusNotModified || !slices.Equal(known.Header()[name], first.Header()[name]) {
			t.Errorf("known: %d, %s %v", known.Code, name, known.Header()[name])
		}
	}
	r := httptest.NewRequest(http.MethodGet, "http://localhost/metrics", nil)
	w := httptest.NewRecorder()
	n.handler.ServeHTTP(w, r)
	metrics := w.Body.String()
	for _, want := range []string{`status="200"} 4`, `status="304"} 1`} {
		if !strings.Contains(metrics, `quietude_http_request_seconds_count{method="GET",route="/tiles/:layer/:z/:x/:y",`+want) {
			t.Errorf("not in the metrics: %s", want)
		}
	}
	n.exec(`insert into territoire (territoire, nom, emprise) select '38185', 'Grenoble', emprise from territoire`)
	for role, want := range map[auth.Role]int{auth.Public: http.StatusUnauthorized, auth.Bailleur: http.StatusForbidden, auth.Admin: http.StatusForbidden, auth.Police: http.StatusNotModified} {
		if w := asked(n.by(role), "If-None-Match", tag); w.Code != want {
			t.Errorf("%s: %d, want %d", role, w.Code, want)
		}
	}
	// Somebody else's city at the same address is another answer.
	if w := asked(n.by(auth.Police, "38185"), "If-None-Match", tag); w.Code == http.StatusNotModified || w.Header().Get("ETag") == tag {
		t.Errorf("another city: %d, %s", w.Code, w.Header().Get("ETag"))
	}
	if w := asked(n, "Authorization", "Bearer unknown"); w.Code != http.StatusUnauthorized {
		t.Errorf("unknown token: %d", w.Code)
	}
}

// TestTilesAreBounded: a hall behind one address draws its maps; a scan from one
// address is told to wait, and others go on being served.
func TestTilesAreBounded(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	chance := rand.New(rand.NewPCG(7, 8))
	ask := func(address string) *httptest.ResponseRecorder {
		zoom := 12 + chance.IntN(7)
		r := httptest.NewRequest(http.MethodGet, fmt.Sprintf("/tiles/voirie/%d/%d/%d.mvt", zoom, chance.IntN(1<<zoom), chance.IntN(1<<zoom)), nil)
		r.RemoteAddr = address + ":4000"
		r.Header.Set("X-Forwarded-For", fmt.Sprintf("203.0.113.%d", chance.IntN(256))) // believed of a proxy only
		w := httptest.NewRecorder()
		n.bare.ServeHTTP(w, r)
		return w
	}
	for device := range 21 { // twenty phones and the projector, three layers of twenty tiles
		for range 60 {
			if w := ask("198.51.100.1"); w.Code >= 400 {
				t.Fatalf("device %d of the hall: %d %s", device, w.Code, w.Body)
			}
		}
	}
	served := 0
	var w *httptest.ResponseRecorder
	for w = ask("198.51.100.2"); w.Code < 400; w = ask("198.51.100.2") {
		if served++; served > 10_000 {
			t.Fatal("a scan is never told to wait")
		}
	}
	n.checkProblem(w)
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" || served < 3*21*60 {
		t.Errorf("after %d tiles: %d, Retry-After %q", served, w.Code, w.Header().Get("Retry-After"))
	}
	if w := ask("198.51.100.1"); w.Code >= 400 {
		t.Errorf("the hall after the scan: %d", w.Code)
	}
	if w := n.get("/tiles/voirie/13/4230/2928.mvt"); w.Code >= 400 {
		t.Errorf("somebody with an account: %d", w.Code)
	}
}
