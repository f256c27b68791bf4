package api_test

import (
	"compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"quietude/geo/hexgrid"
	"quietude/server/atelier"
	"quietude/server/auth"
	"quietude/server/pgtest"
)

// a million signalements of the last three years in the quartiers of Chambéry, of
// ten thousand people and as many that say no name, a fifth of them with an hour
// known only to within six hours.
func million(b *testing.B) *node {
	b.Helper()
	n := newNode(b).by(auth.Police)
	chance := rand.New(rand.NewPCG(1, 2))
	areas := pgtest.Quartiers(b)
	var codes []string
	for code := range areas {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	type spot struct {
		quartier string
		at       orb.Point
		cell     hexgrid.Cell
	}
	var spots []spot
	for _, code := range codes {
		for range 700 {
			at := pgtest.InQuartier(b, areas[code], chance)
			cell, err := hexgrid.CellOf(at, hexgrid.Stored)
			if err != nil {
				b.Fatal(err)
			}
			spots = append(spots, spot{code, at, cell})
		}
	}
	people := make([]uuid.UUID, 10_000)
	for i := range people {
		people[i] = uuid.New()
	}
	start := time.Date(2023, 3, 1, 0, 0, 0, 0, time.UTC)
	columns := []string{"territoire", "id", "quartier", "geom", "cell", "theme", "occurred_from", "occurred_to", "reporter", "origin", "received_at"}
	_, err := n.pool.CopyFrom(b.Context(), pgx.Identifier{"signalement"}, columns, pgx.CopyFromSlice(1_000_000, func(int) ([]any, error) {
		s, from := spots[chance.IntN(len(spots))], start.Add(time.Duration(chance.IntN(3*365*24*60))*time.Minute)
		to := from
		if chance.IntN(5) == 0 {
			to = from.Add(6 * time.Hour)
		}
		var reporter any
		if chance.IntN(2) == 0 {
			reporter = people[chance.IntN(len(people))]
		}
		return []any{pgtest.Chambery, uuid.New(), s.quartier, s.at, s.cell, string(atelier.Themes[chance.IntN(10)]), from, to, reporter, "import", from}, nil
	}))
	if err != nil {
		b.Fatal(err)
	}
	n.maps.Touch(pgtest.Chambery)
	return n
}

// anyFilter is one to four families, hours, days, a quartier, a first and a last
// day, each there or not.
func anyFilter(chance *rand.Rand) string {
	query := "graine=1"
	if k := chance.IntN(5); k > 0 {
		query += "&theme="
		for i, at := range chance.Perm(10)[:k] {
			if i > 0 {
				query += ","
			}
			query += string(atelier.Themes[at])
		}
	}
	if chance.IntN(2) == 0 {
		query += fmt.Sprintf("&hours=%d-23", 12+chance.IntN(10))
	}
	if chance.IntN(2) == 0 {
		query += fmt.Sprintf("&days=%d-7", 1+chance.IntN(6))
	}
	if chance.IntN(2) == 0 {
		query += "&quartier=" + []string{"BE", "BI", "BO", "CE", "CV", "HC", "LA"}[chance.IntN(7)]
	}
	if chance.IntN(2) == 0 {
		query += fmt.Sprintf("&from=202%d-%02d-01", 3+chance.IntN(2), 4+chance.IntN(8))
	}
	if chance.IntN(2) == 0 {
		query += fmt.Sprintf("&to=2025-%02d-28", 1+chance.IntN(12))
	}
	return query[len("graine=1"):]
}

// processor is the time that this process has worked.
func processor() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkFilterChange is what a change of a filter costs on /police with a
// million signalements, over loopback, gzip, the body read to its end; « both » is
// what the page does: the two questions at once. Each question is another filter:
// nothing comes from a cache. The client works in the same process, so that
// cpu-ms is an upper bound of the server's.
func BenchmarkFilterChange(b *testing.B) {
	n := million(b)
	server := httptest.NewServer(n.handler)
	b.Cleanup(server.Close)
	ask := func(path string) {
		r, _ := http.NewRequest(http.MethodGet, server.URL+path, nil)
		r.Header.Set("Accept-Encoding", "gzip")
		w, err := http.DefaultClient.Do(r)
		if err != nil {
			b.Error(err)
			return
		}
		defer func() { _ = w.Body.Close() }()
		body := io.Reader(w.Body)
		if w.Header.Get("Content-Encoding") == "gzip" {
			if body, err = gzip.NewReader(w.Body); err != nil {
				b.Error(err)
				return
			}
		}
		if _, err := io.Copy(io.Discard, body); err != nil || w.StatusCode >= 300 {
			b.Errorf("%s: %d %v", path, w.StatusCode, err)
		}
	}
	started := time.Now()
	ask("/api/v1/statistiques/vue")
	b.Logf("the first question, which reads the columns: %d ms", time.Since(started).Milliseconds())

	const vue, hexagones = "/api/v1/statistiques/vue?", "/api/v1/statistiques/hexagones?resolution=9"
	measure := func(name string, question func(chance *rand.Rand)) {
		b.Run(name, func(b *testing.B) {
			chance := rand.New(rand.NewPCG(7, uint64(len(name))))
			var took []time.Duration
			worked := processor()
			for b.Loop() {
				from := time.Now()
				question(chance)
				took = append(took, time.Since(from))
			}
			worked = processor() - worked
			slices.Sort(took)
			at := func(share float64) float64 {
				return float64(took[min(len(took)-1, int(share*float64(len(took))))].Microseconds()) / 1000
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(at(0.5), "p50-ms")
			b.ReportMetric(at(0.95), "p95-ms")
			b.ReportMetric(at(1), "max-ms")
			b.ReportMetric(float64(worked.Microseconds())/1000/float64(len(took)), "cpu-ms")
		})
	}
	measure("counts", func(chance *rand.Rand) { ask(vue + anyFilter(chance)) })
	measure("hexagons", func(chance *rand.Rand) { ask(hexagones + anyFilter(chance)) })
	measure("both", func(chance *rand.Rand) {
		filter := anyFilter(chance)
		var all sync.WaitGroup
		all.Go(func() { ask(vue + filter) })
		all.Go(func() { ask(hexagones + filter) })
		all.Wait()
	})
	// The planners' figures are made apart from the request, and kept.
	periods := rand.New(rand.NewPCG(3, 3))
	measure("portrait, made until done", func(*rand.Rand) {
		path := fmt.Sprintf("/api/v1/quartiers/CE/portrait?from=2023-%02d-%02d", 4+periods.IntN(8), 1+periods.IntN(28))
		for n.get(path).Code == http.StatusAccepted {
			continue
		}
	})
}
