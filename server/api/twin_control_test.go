package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"quietude/geo/edition"
	"quietude/geo/hexgrid"
	"quietude/server/pgtest"
	"quietude/server/store"
)

// voices reads who marked what in an atelier, as no public route may.
func (n *twinNode) voices(ateliers ...uuid.UUID) (all []mark) {
	n.t.Helper()
	rows, err := n.pool.Query(context.Background(), `select participant, felt, cell from marker where atelier = any ($1) order by id`, ateliers)
	if err != nil {
		n.t.Fatal(err)
	}
	all, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (m mark, err error) {
		err = row.Scan(&m.who, &m.felt, &m.cell)
		return m, err
	})
	if err != nil {
		n.t.Fatal(err)
	}
	return all
}

// people counts distinct people by what key names.
func people(all []mark, key func(mark) string) map[string]int {
	who := map[string]map[uuid.UUID]bool{}
	for _, m := range all {
		k := key(m)
		if who[k] == nil {
			who[k] = map[uuid.UUID]bool{}
		}
		who[k][m.who] = true
	}
	counts := map[string]int{}
	for k, set := range who {
		counts[k] = len(set)
	}
	return counts
}

func broad(m mark) string { return fmt.Sprint(m.cell.Parent(edition.Broad), " ", m.felt) }

// atLeast keeps what reaches the threshold, in classes.
func atLeast(counts map[string]int, k int) map[string]int {
	for key, n := range counts {
		if counts[key] = n / k * k; n < k {
			delete(counts, key)
		}
	}
	return counts
}

// controls are public pages that break one rule of the model each. They must be
// told apart by the same crawler: one that cannot fail proves nothing.
var controls = map[string]func(*twinNode) any{
	"sliding window": func(n *twinNode) any { // the last two evenings, counted anew
		return atLeast(people(n.voices(twinPublished, twinUnpublished), broad), edition.MinThreshold)
	},
	"live map": func(n *twinNode) any {
		return atLeast(people(n.voices(twinOpen), broad), edition.MinThreshold)
	},
	"below five": func(n *twinNode) any {
		shown := map[string]string{}
		for key, k := range people(n.voices(twinPublished), broad) {
			if k < edition.MinThreshold {
				shown[key] = "<5"
			}
		}
		return shown
	},
	"heat map of raw points": func(n *twinNode) any {
		heat := make([]float64, 64)
		for _, m := range n.voices(twinPublished) {
			at := m.cell.Centre()
			for i := range heat {
				dx, dy := (at[0]-5.90-0.004*float64(i%8))/0.004, (at[1]-45.575-0.003*float64(i/8))/0.003
				heat[i] = math.Round(100*(heat[i]+math.Pow(max(0, 1-dx*dx-dy*dy), 2))) / 100
			}
		}
		return heat
	},
	"per-level indexing": func(n *twinNode) any { // of published voices only, so that nothing but the index leaks
		rows, err := n.store.PublishedEditions(context.Background(), pgtest.Chambery)
		if err != nil {
			n.t.Fatal(err)
		}
		e, err := edition.Read(rows[0].Canonical, rows[0].Hash)
		if err != nil {
			n.t.Fatal(err)
		}
		shown := map[string]bool{}
		for _, h := range e.Hexagons() {
			for _, c := range h.Members() {
				shown[fmt.Sprint(c, " ", edition.Unsafe)], shown[fmt.Sprint(c, " ", edition.Safe)] = !h.Unsafe().Absent(), !h.Safe().Absent()
			}
		}
		all := slices.DeleteFunc(n.voices(twinPublished), func(m mark) bool { return !shown[fmt.Sprint(m.cell.Parent(edition.Fine), " ", m.felt)] })
		return people(all, func(m mark) string {
			direct, err := hexgrid.CellOf(m.cell.Centre(), edition.Broad)
			if err != nil {
				n.t.Fatal(err)
			}
			return fmt.Sprint(direct, " ", m.felt)
		})
	},
	"fresh noise": func(n *twinNode) any {
		noisy := map[string]float64{}
		for key, k := range people(n.voices(twinPublished), broad) {
			noisy[key] = math.Round(float64(k) + 2*rand.NormFloat64())
		}
		return noisy
	},
	"number of people": func(n *twinNode) any {
		return len(people(n.voices(twinPublished), func(m mark) string { return m.who.String() }))
	},
}

// TestControlsAreCaught has the crawler look at servers that leak.
func TestControlsAreCaught(t *testing.T) {
	p := newPair(t)
	const seeds = 8
	caught := map[string]int{}
	for seed := range uint64(seeds) {
		p.fill(seed)
		for name, leak := range controls {
			c := &crawler{t: t}
			c.ask(http.MethodGet, "/fuite")
			var both [2][]string
			for i, n := range []*twinNode{p.a, p.b} {
				both[i] = c.answers(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(leak(n)) }), true)
			}
			if len(c.differences(both[0], both[1])) > 0 {
				caught[name]++
			}
		}
	}
	for name := range controls {
		t.Logf("%s: told apart in %d of %d pairs", name, caught[name], seeds)
		if caught[name] == 0 {
			t.Errorf("%s is not caught", name)
		}
	}
}

// TestSequence publishes, erases a person, and publishes the next evening: what
// is public changes by the new edition only.
func TestSequence(t *testing.T) {
	n := newTwinNode(t)
	l := newLand(t)
	w := newWorld(l, 7)
	w.unpublished = newWorld(l, 8).published
	n.fill(w)
	c := newCrawler(t, n.contract)
	before := c.answers(n.bare, true)

	var erased uuid.UUID
	if err := n.pool.QueryRow(t.Context(), `select participant from marker where atelier = $1 group by 1 order by count(*) desc limit 1`, twinPublished).Scan(&erased); err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"marker", "participant"} {
		column := map[string]string{"marker": "participant", "participant": "id"}[table]
		n.exec(`delete from `+table+` where atelier = $1 and `+column+` = $2`, twinPublished, erased)
	}
	if different := c.differences(before, c.answers(n.bare, true)); len(different) > 0 {
		t.Fatalf("erasing a person changed what is public: %s", different[0])
	}

	n.exec(`update atelier set starts_at = starts_at + interval '1 hour' where id = $1`, twinUnpublished)
	if err := n.publisher.Announce(t.Context()); err != nil {
		t.Fatal(err)
	}
	before = c.answers(n.bare, true)
	numero := n.publish(twinUnpublished)
	after := c.answers(n.bare, true)
	if numero != 2 {
		t.Fatalf("edition %d", numero)
	}
	changed := 0
	for i, q := range c.probes {
		if before[i] == after[i] {
			continue
		}
		changed++
		// The list, the new edition itself, and the tiles, which show the newest.
		if !strings.HasPrefix(q.path, "/api/v1/editions") && !strings.HasPrefix(q.path, "/api/v1/quartiers/HC/editions/2") && !strings.HasPrefix(q.path, "/tiles/editions/") {
			t.Errorf("%s changed:\n%.300s\n%.300s", q, before[i], after[i])
		}
	}
	if changed == 0 {
		t.Error("nothing changed: the second edition is not public")
	}
}

// publish publishes the edition of one more atelier, and gives its number.
func (n *twinNode) publish(atelier uuid.UUID) int {
	n.t.Helper()
	wanted := store.Brouillon{Territoire: pgtest.Chambery, ID: uuid.New(), Quartier: "HC", Ateliers: []uuid.UUID{atelier}}
	b, err := n.publisher.BuildNow(context.Background(), wanted)
	if err != nil {
		n.t.Fatal(err)
	}
	numero, err := n.publisher.Publish(context.Background(), b.Territoire, b.ID)
	if err != nil {
		n.t.Fatal(err)
	}
	return numero
}
