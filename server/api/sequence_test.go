package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"

	"quietude/geo/edition"
	"quietude/server/pgtest"
)

// Two editions of a quartier, one after the other, and what their difference
// tells: twins of both evenings, in which the same people come again or do not.

// later publishes the second evening of a filled world, and reads its edition.
func (n *twinNode) later(seed uint64) edition.Edition {
	n.t.Helper()
	n.exec(`update atelier set starts_at = starts_at + interval '1 hour' where id = $1`, twinUnpublished)
	*n.seed = ^seed
	n.publish(twinUnpublished)
	rows, err := n.store.PublishedEditions(context.Background(), pgtest.Chambery)
	if err != nil {
		n.t.Fatal(err)
	}
	e, err := edition.Read(rows[len(rows)-1].Canonical, rows[len(rows)-1].Hash)
	if err != nil {
		n.t.Fatal(err)
	}
	return e
}

// sequence fills both nodes with two evenings that have the same editions and
// are otherwise others. In the one world half of the people of the first evening
// come again; in the other one nobody does.
func (p pair) sequence(seed uint64) (first, second edition.Edition) {
	p.a.t.Helper()
	w, evening := newWorld(p.land, seed), newWorld(p.land, seed+1000)
	inside := func(m mark) bool { return p.land.inside[m.cell.Parent(edition.Fine)] != nil }
	said := slices.DeleteFunc(slices.Clone(w.published), func(m mark) bool { return !inside(m) })
	again := map[uuid.UUID]uuid.UUID{}
	for i := range evening.published {
		m := &evening.published[i]
		if _, met := again[m.who]; !met && len(again) < len(w.published)/6 {
			again[m.who] = w.published[len(again)*6].who
		}
		if who, comes := again[m.who]; comes {
			m.who = who
		}
		if inside(*m) { // about the same places, mostly
			m.felt, m.cell = said[i%len(said)].felt, said[i%len(said)].cell
		}
	}
	w.unpublished = evening.published
	first = p.a.fill(w)
	second = p.a.later(seed)
	other := w.twin(p.land, first)
	other.unpublished = evening.twin(p.land, second).published
	p.b.fill(other)
	if e := p.b.later(seed); !bytes.Equal(e.Canonical(), second.Canonical()) {
		p.a.t.Fatalf("seed %d: the twins of the second evening have two editions", seed)
	}
	return first, second
}

func (p pair) both(c *crawler, deep bool, handler func(*twinNode) http.Handler) []string {
	var both [2][]string
	var all sync.WaitGroup
	c.round++
	for i, n := range []*twinNode{p.a, p.b} {
		all.Go(func() { both[i] = c.answers(handler(n), deep) })
	}
	all.Wait()
	return c.differences(both[0], both[1])
}

// cumulating are public pages that put evenings together, or keep something from
// one to the next.
var cumulating = map[string]func(*twinNode) any{
	"cumulative edition": func(n *twinNode) any {
		return atLeast(people(n.voices(twinPublished, twinUnpublished), broad), edition.MinThreshold)
	},
	"what is new": func(n *twinNode) any {
		first, second := people(n.voices(twinPublished), broad), people(n.voices(twinUnpublished), broad)
		for key, k := range second {
			if second[key] = k - first[key]; second[key] < edition.MinThreshold {
				delete(second, key)
			}
		}
		return second
	},
	"who came again": func(n *twinNode) any {
		came := people(n.voices(twinPublished), func(m mark) string { return m.who.String() })
		return len(slices.DeleteFunc(n.voices(twinUnpublished), func(m mark) bool { return came[m.who.String()] == 0 }))
	},
	"a hexagon of last time, whatever it has now": func(n *twinNode) any {
		shown := atLeast(people(n.voices(twinPublished), broad), edition.MinThreshold)
		now := map[string]int{}
		for key, k := range people(n.voices(twinUnpublished), broad) {
			if shown[key] > 0 {
				now[key] = k
			}
		}
		return now
	},
}

// TestTwinSequences compares all public answers about two editions, n and n + 1,
// of twin evenings, and has the same attack look at pages that leak from one to
// the other.
func TestTwinSequences(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	c := newCrawler(t, p.a.contract)
	pairs, shared := max(4, twinSeeds()/10), 0
	caught := map[string]int{}
	for seed := range uint64(pairs) {
		first, second := p.sequence(seed)
		for _, h := range second.Hexagons() {
			if slices.ContainsFunc(first.Hexagons(), func(o edition.Hexagon) bool { return o.Cell() == h.Cell() }) {
				shared++
			}
		}
		if found := p.both(c, seed == 0, func(n *twinNode) http.Handler { return n.bare }); len(found) > 0 {
			t.Fatalf("seed %d: %d answers tell twins apart; the first:\n%s", seed, len(found), found[0])
		}
		if seed >= 4 {
			continue
		}
		for name, leak := range cumulating {
			one := &crawler{t: t}
			one.ask(http.MethodGet, "/fuite")
			if len(p.both(one, true, func(n *twinNode) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(leak(n)) })
			})) > 0 {
				caught[name]++
			}
		}
	}
	t.Logf("%d pairs of two editions, %d hexagons in both", pairs, shared)
	if shared < pairs/4 {
		t.Error("no hexagon is published twice: there is no difference to take")
	}
	for name := range cumulating {
		t.Logf("%s: told apart in %d of 4 pairs", name, caught[name])
		if caught[name] == 0 {
			t.Errorf("%s is not caught", name)
		}
	}
}

// margins are servers whose bodies are right and that tell something beside them.
var margins = map[string]func(*twinNode, http.ResponseWriter, *http.Request, *httptest.ResponseRecorder){
	"tag of the room": func(n *twinNode, w http.ResponseWriter, _ *http.Request, _ *httptest.ResponseRecorder) {
		w.Header().Set("ETag", fmt.Sprintf(`"%d"`, len(n.voices(twinOpen))))
	},
	"last change": func(n *twinNode, w http.ResponseWriter, _ *http.Request, _ *httptest.ResponseRecorder) {
		w.Header().Set("Last-Modified", fmt.Sprint(n.voices(twinUnpublished)))
	},
	"rows read": func(n *twinNode, w http.ResponseWriter, _ *http.Request, _ *httptest.ResponseRecorder) {
		w.Header().Set("Server-Timing", fmt.Sprintf("rows;dur=%d", len(n.voices(twinPublished))))
	},
	"length for HEAD": func(n *twinNode, w http.ResponseWriter, r *http.Request, _ *httptest.ResponseRecorder) {
		if r.Method == http.MethodHead {
			w.Header().Set("Content-Length", fmt.Sprint(len(n.voices(twinOpen))))
		}
	},
	"length when compressed": func(n *twinNode, w http.ResponseWriter, r *http.Request, answer *httptest.ResponseRecorder) {
		if r.Header.Get("Accept-Encoding") == "gzip" {
			answer.Body.Write(make([]byte, len(n.voices(twinOpen))))
		}
	},
	"what may be done": func(n *twinNode, w http.ResponseWriter, r *http.Request, _ *httptest.ResponseRecorder) {
		if r.Method == http.MethodOptions && len(n.voices(twinOpen))%2 == 0 {
			w.Header().Add("Allow", "POST")
		}
	},
	"words of an error": func(n *twinNode, w http.ResponseWriter, _ *http.Request, answer *httptest.ResponseRecorder) {
		if answer.Code >= 400 {
			fmt.Fprint(answer.Body, len(n.voices(twinUnpublished)))
		}
	},
	"since when": func(n *twinNode, w http.ResponseWriter, r *http.Request, answer *httptest.ResponseRecorder) {
		if r.Header.Get("If-Modified-Since") != "" && len(n.voices(twinOpen))%2 == 0 {
			answer.Code = http.StatusNotModified
		}
	},
	"a part": func(n *twinNode, w http.ResponseWriter, r *http.Request, answer *httptest.ResponseRecorder) {
		if r.Header.Get("Range") != "" {
			w.Header().Set("Content-Range", fmt.Sprintf("bytes 0-9/%d", len(n.voices(twinPublished))))
		}
	},
	"metrics for whoever says localhost": func(n *twinNode, w http.ResponseWriter, r *http.Request, answer *httptest.ResponseRecorder) {
		if r.URL.Path == "/metrics" && r.Host == "localhost" {
			answer.Code = http.StatusOK
			fmt.Fprintf(answer.Body, "markers %d", len(n.voices(twinOpen)))
		}
	},
	"addresses for robots": func(n *twinNode, w http.ResponseWriter, r *http.Request, answer *httptest.ResponseRecorder) {
		if r.URL.Path == "/sitemap.xml" {
			fmt.Fprint(answer.Body, n.voices(twinOpen))
		}
	},
}

// TestMarginsAreCaught has the crawler look at what stands beside the bodies.
func TestMarginsAreCaught(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	c := &crawler{t: t}
	for _, path := range []string{"/api/v1/editions", "/api/v1/quartiers/HC/editions/9", "/sitemap.xml"} {
		c.ask(http.MethodGet, path)
	}
	c.probes = append(c.probes, probe{method: http.MethodGet, path: "/metrics", headers: map[string]string{"Host": "localhost"}})
	caught := map[string]int{}
	const seeds = 6
	for seed := range uint64(seeds) {
		p.fill(seed)
		if found := p.both(c, true, func(n *twinNode) http.Handler { return n.bare }); len(found) > 0 {
			t.Fatalf("nothing leaks, and yet: %s", found[0])
		}
		for name, leak := range margins {
			if len(p.both(c, true, func(n *twinNode) http.Handler {
				return altered(n, func(w http.ResponseWriter, r *http.Request, answer *httptest.ResponseRecorder) { leak(n, w, r, answer) })
			})) > 0 {
				caught[name]++
			}
		}
	}
	for name := range margins {
		t.Logf("%s: told apart in %d of %d pairs", name, caught[name], seeds)
		if caught[name] == 0 {
			t.Errorf("%s is not caught", name)
		}
	}
}
