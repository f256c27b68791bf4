package api_test

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"quietude/geo/edition"
	"quietude/server/pgtest"
)

// What a withdrawal and the next edition tell. The same crawler looks: before and
// after, at whatever an edition could leave behind.

// aboutEditions are the probes of what editions are shown by.
func aboutEditions(c *crawler) *crawler {
	own := *c
	own.probes = slices.DeleteFunc(slices.Clone(c.probes), func(q probe) bool { return !strings.Contains(q.path, "editions") })
	return &own
}

// withdrawn are two cities: the first edition of each is another one, the second
// is the same.
func (p pair) withdrawn(seed uint64) {
	later := newWorld(p.land, 3*seed+2).published
	for i, n := range []*twinNode{p.a, p.b} {
		w := newWorld(p.land, 3*seed+uint64(i))
		w.reports, w.unpublished = seed, later
		n.fill(w)
		n.exec(`update atelier set starts_at = starts_at + interval '1 hour' where id = $1`, twinUnpublished)
		*n.seed = seed
		n.publish(twinUnpublished)
	}
}

// lifetime finds how long an answer may be kept by anybody's cache, in seconds.
var lifetime = regexp.MustCompile(`(?m)^Cache-Control: .*(?:max-age|s-maxage|stale-[a-z-]+)=(\d+)|^Cache-Control: .*(immutable)`)

// withdrawalTells has somebody look at both cities until the first edition of
// each is withdrawn, and then ask everything again, also with the tags that were
// learned before: whatever still tells the cities apart was left behind.
func (p pair) withdrawalTells(t *testing.T, c *crawler, seed uint64, behind func(*twinNode) http.Handler) (found []string) {
	t.Helper()
	p.withdrawn(seed)
	servers := [2]http.Handler{behind(p.a), behind(p.b)}
	look := func() (both [2][]string) {
		var all sync.WaitGroup
		for i, h := range servers {
			all.Go(func() { both[i] = c.answers(h, true) })
		}
		all.Wait()
		return both
	}
	before := look()
	if len(c.differences(before[0], before[1])) < 10 {
		t.Fatal("the two cities look alike before anything is withdrawn")
	}
	for i, q := range c.probes {
		for _, m := range lifetime.FindAllStringSubmatch(before[0][i], -1) {
			if seconds, _ := strconv.Atoi(m[1]); before[0][i] != before[1][i] && (m[2] != "" || seconds > 60) {
				found = append(found, fmt.Sprintf("%s may be kept for long: %s", q, m[0]))
			}
		}
	}
	for _, n := range []*twinNode{p.a, p.b} {
		if err := n.publisher.Withdraw(t.Context(), pgtest.Chambery, "HC", 1); err != nil {
			t.Fatal(err)
		}
	}
	c.round++
	after := look()
	found = append(found, c.differences(after[0], after[1])...)
	for i, q := range c.probes {
		_, tag, known := strings.Cut(before[0][i], "\nEtag: ")
		if !known || q.headers["If-None-Match"] != "" || before[0][i] == before[1][i] {
			continue // the same in both cities: nothing of the first edition
		}
		tag, _, _ = strings.Cut(tag, "\r\n")
		for name, value := range map[string]string{"If-None-Match": tag, "If-Match": tag, "If-Range": tag} {
			r := httptest.NewRequest(q.method, q.path, nil)
			r.RemoteAddr = "10.9.8.7:1"
			for name, value := range q.headers {
				r.Header.Set(name, value)
			}
			r.Header.Set(name, value)
			if name == "If-Range" {
				r.Header.Set("Range", "bytes=0-99")
			}
			w := httptest.NewRecorder()
			servers[0].ServeHTTP(w, r)
			if w.Code == http.StatusNotModified || w.Header().Get("ETag") == tag {
				found = append(found, fmt.Sprintf("%s still knows %s: %d", q, tag, w.Code))
			}
		}
	}
	return found
}

// TestWithdrawalLeavesNothing: once it is withdrawn, which edition it was is told
// by nothing but its number and the days on which it came and went, by the node
// that withdrew it and by another one, which had it in memory.
func TestWithdrawalLeavesNothing(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	c := newCrawler(t, p.a.contract)
	for name, behind := range map[string]func(*twinNode) http.Handler{
		"this node": func(n *twinNode) http.Handler { return n.bare },
		"another node": func(n *twinNode) http.Handler {
			other := *n.node
			other.start()
			return other.bare
		},
	} {
		if found := p.withdrawalTells(t, c, uint64(len(name)), behind); len(found) > 0 {
			t.Errorf("%s: %d answers tell what was withdrawn; the first:\n%s", name, len(found), found[0])
		}
	}
	w := httptest.NewRecorder()
	p.a.bare.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/api/v1/quartiers/HC/editions/1", nil))
	if w.Code != http.StatusGone {
		t.Errorf("the withdrawn edition answers %d", w.Code)
	}
}

// remembering answers what it answered first, as a cache that nobody empties.
func remembering(inner http.Handler, keep func(*http.Request) bool) http.Handler {
	var mu sync.Mutex
	kept := map[string]*httptest.ResponseRecorder{}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := fmt.Sprint(r.Method, r.URL, r.Header)
		mu.Lock()
		defer mu.Unlock()
		if kept[key] == nil || !keep(r) {
			kept[key] = httptest.NewRecorder()
			inner.ServeHTTP(kept[key], r)
		}
		maps.Copy(w.Header(), kept[key].Header())
		w.WriteHeader(kept[key].Code)
		_, _ = w.Write(kept[key].Body.Bytes())
	})
}

// altered lets a leak change the answers of a route.
func altered(n *twinNode, leak func(w http.ResponseWriter, r *http.Request, answer *httptest.ResponseRecorder)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		n.bare.ServeHTTP(answer, r)
		maps.Copy(w.Header(), answer.Header())
		leak(w, r, answer)
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	})
}

// leftovers are servers that leave one thing behind each.
var leftovers = map[string]func(*twinNode) http.Handler{
	"tiles in a cache": func(n *twinNode) http.Handler {
		return remembering(n.bare, func(r *http.Request) bool {
			return strings.HasPrefix(r.URL.Path, "/api/v1/quartiers/HC/editions/1/hexagones.csv")
		})
	},
	"HEAD in a cache": func(n *twinNode) http.Handler {
		return remembering(n.bare, func(r *http.Request) bool { return r.Method == http.MethodHead })
	},
	"not modified": func(n *twinNode) http.Handler { // the tag is looked at before the edition
		seen := map[string]bool{}
		var mu sync.Mutex
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			if seen[r.Header.Get("If-None-Match")] {
				w.WriteHeader(http.StatusNotModified)
				return
			}
			n.bare.ServeHTTP(w, r)
			if tag := w.Header().Get("ETag"); tag != "" {
				seen[tag] = true
			}
		})
	},
	"hash on the tombstone": func(n *twinNode) http.Handler {
		return altered(n, func(w http.ResponseWriter, _ *http.Request, answer *httptest.ResponseRecorder) {
			if answer.Code == http.StatusGone {
				w.Header().Set("X-Edition", fmt.Sprintf("%x", sha256.Sum256(fmt.Append(nil, n.voices(twinPublished)))))
			}
		})
	},
	"length of the tombstone": func(n *twinNode) http.Handler {
		return altered(n, func(w http.ResponseWriter, _ *http.Request, answer *httptest.ResponseRecorder) {
			if answer.Code == http.StatusGone {
				answer.Body.WriteString(strings.Repeat(" ", len(n.voices(twinPublished))))
			}
		})
	},
	"a day in every cache": func(n *twinNode) http.Handler {
		return altered(n, func(w http.ResponseWriter, r *http.Request, answer *httptest.ResponseRecorder) {
			// Tiles are of the newest edition of a quartier, which stays.
			if strings.HasSuffix(r.URL.Path, "/editions/1") {
				w.Header().Set("Cache-Control", "public, max-age=86400")
			}
		})
	},
	"a range of what was": func(n *twinNode) http.Handler {
		return remembering(n.bare, func(r *http.Request) bool { return r.Header.Get("Range") != "" })
	},
	"the rest counts it still": func(n *twinNode) http.Handler { // the second edition as a sum with the first
		return altered(n, func(w http.ResponseWriter, r *http.Request, answer *httptest.ResponseRecorder) {
			if strings.HasSuffix(r.URL.Path, "/editions/2") {
				fmt.Fprint(answer.Body, atLeast(people(n.voices(twinPublished, twinUnpublished), broad), edition.MinThreshold))
			}
		})
	},
}

// TestLeftoversAreCaught has the same attack look at servers that leave
// something behind.
func TestLeftoversAreCaught(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	c := aboutEditions(newCrawler(t, p.a.contract))
	for name, behind := range leftovers {
		found := p.withdrawalTells(t, c, 1, behind)
		t.Logf("%s: told %d times", name, len(found))
		if len(found) == 0 {
			t.Errorf("%s is not caught", name)
		}
	}
}
