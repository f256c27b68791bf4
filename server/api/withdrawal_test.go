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

// withdrawal says which edition is withdrawn of two cities; it is another one in
// each, and all others are the same.
type withdrawal string

const (
	older  withdrawal = "one of before"
	newest withdrawal = "the newest"
	only   withdrawal = "the only one"
)

// withdrawn fills the two cities, and gives the number of what will be withdrawn.
func (p pair) withdrawn(seed uint64, which withdrawal) (numero int) {
	same := newWorld(p.land, 3*seed+2)
	for i, n := range []*twinNode{p.a, p.b} {
		w := newWorld(p.land, 3*seed+uint64(i))
		if which == newest {
			w.seed, w.published, w.unpublished = same.seed, same.published, w.published
		} else {
			w.unpublished = same.published
		}
		w.reports = seed
		n.fill(w)
		if which != only {
			*n.seed = seed
			n.publishLater()
		}
	}
	if which == newest {
		return 2
	}
	return 1
}

// publishLater publishes the evening after the published one.
func (n *twinNode) publishLater() {
	n.t.Helper()
	n.exec(`update atelier set starts_at = starts_at + interval '1 hour' where id = $1`, twinUnpublished)
	n.publish(twinUnpublished)
}

// lifetime finds how long an answer may be kept by anybody's cache, in seconds.
var lifetime = regexp.MustCompile(`(?m)^Cache-Control: .*(?:max-age|s-maxage|stale-[a-z-]+)=(\d+)|^Cache-Control: .*(immutable)`)

// withdrawalTells has somebody look at both cities until an edition of each is
// withdrawn, and then ask everything again, also with the tags that were learned
// before: whatever still tells the cities apart was left behind.
func (p pair) withdrawalTells(t *testing.T, c *crawler, seed uint64, which withdrawal, behind func(*twinNode) http.Handler) (found []string) {
	t.Helper()
	numero := p.withdrawn(seed, which)
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
		if err := n.publisher.Withdraw(t.Context(), pgtest.Chambery, "HC", numero); err != nil {
			t.Fatal(err)
		}
	}
	c.round++
	after := look()
	found = append(found, c.differences(after[0], after[1])...)
	for i, q := range c.probes {
		_, tag, known := strings.Cut(before[0][i], "\nEtag: ")
		if !known || q.headers["If-None-Match"] != "" || before[0][i] == before[1][i] {
			continue // the same in both cities: nothing of that edition
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
// that withdrew it and by another one, which had it in memory. Tiles show the one
// before it again, or nothing.
func TestWithdrawalLeavesNothing(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	c := newCrawler(t, p.a.contract)
	here := func(n *twinNode) http.Handler { return n.bare }
	there := func(n *twinNode) http.Handler {
		other := *n.node
		other.start()
		return other.bare
	}
	for i, one := range []struct {
		which  withdrawal
		name   string
		behind func(*twinNode) http.Handler
	}{{older, "this node", here}, {older, "another node", there}, {newest, "another node", there}, {only, "this node", here}} {
		if found := p.withdrawalTells(t, c, uint64(9+i), one.which, one.behind); len(found) > 0 {
			t.Errorf("%s, %s: %d answers tell what was withdrawn; the first:\n%s", one.which, one.name, len(found), found[0])
		}
		for i, wanted := range map[withdrawal][2]int{older: {http.StatusGone, http.StatusOK}, newest: {http.StatusOK, http.StatusGone}, only: {http.StatusGone, http.StatusNotFound}}[one.which] {
			w := httptest.NewRecorder()
			p.a.bare.ServeHTTP(w, httptest.NewRequest(http.MethodGet, fmt.Sprintf("/api/v1/quartiers/HC/editions/%d", i+1), nil))
			if w.Code != wanted {
				t.Errorf("%s: edition %d answers %d, want %d", one.which, i+1, w.Code, wanted)
			}
		}
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

// under answers from a cache that nobody empties what is asked below a path.
func under(path string) func(*twinNode) http.Handler {
	return func(n *twinNode) http.Handler {
		return remembering(n.bare, func(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, path) })
	}
}

// leftoversOfNewest are servers that leave behind something of an edition that was
// what maps show until it was withdrawn.
var leftoversOfNewest = map[string]func(*twinNode) http.Handler{
	"tiles in a cache":     under("/tiles/editions/"),
	"the list in a cache":  under("/api/v1/editions"),
	"its table in a cache": under("/api/v1/quartiers/HC/editions/2/hexagones.csv"),
	"a tile for a day":     func(n *twinNode) http.Handler { return altered(n, forADay("/tiles/editions/")) },
	"its tag on what is left": func(n *twinNode) http.Handler { // tiles of the one before, under the tag of the newest
		first := map[string]string{}
		var mu sync.Mutex
		return altered(n, func(w http.ResponseWriter, r *http.Request, answer *httptest.ResponseRecorder) {
			mu.Lock()
			defer mu.Unlock()
			if tag := answer.Header().Get("ETag"); first[r.URL.Path] == "" {
				first[r.URL.Path] = tag
			}
			if strings.HasPrefix(r.URL.Path, "/tiles/editions/") && answer.Header().Get("ETag") != "" {
				w.Header().Set("ETag", first[r.URL.Path])
			}
		})
	},
}

// forADay lets every cache keep what is at or below a path.
func forADay(path string) func(http.ResponseWriter, *http.Request, *httptest.ResponseRecorder) {
	return func(w http.ResponseWriter, r *http.Request, _ *httptest.ResponseRecorder) {
		if strings.HasPrefix(r.URL.Path, path) {
			w.Header().Set("Cache-Control", "public, max-age=86400")
		}
	}
}

// leftovers are servers that leave one thing behind each, of an edition after which
// another one came.
var leftovers = map[string]func(*twinNode) http.Handler{
	"its table in a cache": under("/api/v1/quartiers/HC/editions/1/hexagones.csv"),
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
	"a day in every cache": func(n *twinNode) http.Handler { return altered(n, forADay("/api/v1/quartiers/HC/editions/1")) },
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
	for which, servers := range map[withdrawal]map[string]func(*twinNode) http.Handler{older: leftovers, newest: leftoversOfNewest} {
		for name, behind := range servers {
			found := p.withdrawalTells(t, c, 1, which, behind)
			t.Logf("%s, %s: told %d times", which, name, len(found))
			if len(found) == 0 {
				t.Errorf("%s, %s is not caught", which, name)
			}
		}
	}
}
