package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// connections that ask at once.
const connections = 4

// target is something to ask: request i of a run is paths[i mod len].
type target struct {
	name    string
	address string // host:port
	paths   []string
	header  string // lines to add, each with \r\n
	status  int
	sent    atomic.Int64
}

// sample is one round of one target.
type sample struct {
	lasted    time.Duration
	latencies []time.Duration
}

// rate is in requests/s.
func (s sample) rate() float64 { return float64(len(s.latencies)) / s.lasted.Seconds() }

// more adds another sample, unless there is an error.
func (s *sample) more(other sample, err error) error {
	s.lasted += other.lasted
	s.latencies = append(s.latencies, other.latencies...)
	return err
}

// ask keeps all connections busy for a while. A request that has begun is
// waited for, and counts.
func (t *target) ask(d time.Duration) (sample, error) { return t.askBy(connections, d) }

// alone is ask by one connection.
func (t *target) alone(d time.Duration) (sample, error) { return t.askBy(1, d) }

func (t *target) askBy(connections int, d time.Duration) (sample, error) {
	var (
		wg     sync.WaitGroup
		mu     sync.Mutex
		all    []time.Duration
		failed error
	)
	start := time.Now()
	for range connections {
		wg.Go(func() {
			mine, err := t.connection(start.Add(d))
			mu.Lock()
			defer mu.Unlock()
			all, failed = append(all, mine...), errors.Join(failed, err)
		})
	}
	wg.Wait()
	return sample{time.Since(start), all}, failed
}

func (t *target) connection(end time.Time) (latencies []time.Duration, err error) {
	conn, err := net.Dial("tcp", t.address)
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.Close() }()
	r := bufio.NewReaderSize(conn, 64<<10)
	var request []byte
	for time.Now().Before(end) {
		path := t.paths[int(t.sent.Add(1)-1)%len(t.paths)]
		request = append(append(append(request[:0], "GET "...), path...), " HTTP/1.1\r\nHost: bench\r\n"...)
		request = append(append(append(request, t.header...), authorization(path)...), "\r\n"...)
		begun := time.Now()
		if _, err := conn.Write(request); err != nil {
			return nil, err
		}
		status, err := readAnswer(r)
		if err != nil {
			return nil, err
		}
		latencies = append(latencies, time.Since(begun))
		if status != t.status && !(t.status == http.StatusOK && status == http.StatusNoContent) {
			return nil, fmt.Errorf("%s: status %d for %s", t.name, status, path)
		}
	}
	return latencies, nil
}

// token is what the bench shows to see a territoire; its database is private to
// a run, and answers nobody else.
func token(territoire string) string { return "qd1_bench_" + territoire }

// authorization is the line of a request for a territoire.
func authorization(path string) string {
	_, territoire, found := strings.Cut(path, "territoire=")
	if !found {
		return ""
	}
	return "Authorization: Bearer " + token(territoire[:len("73001")]) + "\r\n"
}

// readAnswer passes over one answer to a GET and gives its status. The client of
// the library makes a map of the headers of each; the processors are there for
// the servers.
func readAnswer(r *bufio.Reader) (status int, err error) {
	line, err := r.ReadSlice('\n')
	if err != nil {
		return 0, err
	}
	code, found := bytes.CutPrefix(line, []byte("HTTP/1.1 "))
	if !found || len(code) < 3 {
		return 0, fmt.Errorf("status line %q", line)
	}
	if status, err = strconv.Atoi(string(code[:3])); err != nil {
		return 0, err
	}
	length, chunked := 0, false
	for {
		if line, err = r.ReadSlice('\n'); err != nil {
			return 0, err
		}
		name, value, found := bytes.Cut(bytes.TrimRight(line, "\r\n"), []byte(": "))
		switch {
		case !found:
			if chunked {
				if _, err := io.Copy(io.Discard, httputil.NewChunkedReader(r)); err != nil {
					return 0, err
				}
				_, err = r.ReadSlice('\n') // no trailers
				return status, err
			}
			_, err = r.Discard(length)
			return status, err
		case string(name) == "Content-Length":
			if length, err = strconv.Atoi(string(value)); err != nil {
				return 0, err
			}
		case string(name) == "Transfer-Encoding":
			chunked = true
		}
	}
}

// contest is two targets asked in turn.
type contest struct {
	ours, theirs []sample
}

// ratio is the median of the rounds' ratios.
func (c contest) ratio() float64 {
	ratios := make([]float64, len(c.ours))
	for i := range ratios {
		ratios[i] = c.ours[i].rate() / c.theirs[i].rate()
	}
	return median(ratios)
}

// turns is how often a round changes from one target to the other: what else the
// machine does touches both, even when it comes and goes.
const turns = 5

// versus asks two targets in turn.
func (b *bench) versus(ours, theirs *target) (c contest, err error) {
	for round := -1; round < b.rounds; round++ {
		var first, second sample
		for range turns {
			d := b.round / turns
			if round < 0 {
				d /= 4 // warms caches and connections
			}
			if err := first.more(ours.ask(d)); err != nil {
				return c, err
			}
			if err := second.more(theirs.ask(d)); err != nil {
				return c, err
			}
		}
		if round >= 0 {
			c.ours, c.theirs = append(c.ours, first), append(c.theirs, second)
		}
	}
	b.printf("%-44s %s\n", ours.name, describe(c.ours))
	b.printf("%-44s %s\n", theirs.name, describe(c.theirs))
	b.printf("%-44s %.3g\n\n", "  ratio", c.ratio())
	return c, nil
}

func describe(samples []sample) string {
	rates := make([]float64, len(samples))
	for i, s := range samples {
		rates[i] = s.rate()
	}
	return fmt.Sprintf("%8.5g/s  (%.4g–%.4g)  p50 %.3g ms  p99 %.3g ms",
		median(rates), slices.Min(rates), slices.Max(rates), milliseconds(percentile(samples, 50)), milliseconds(percentile(samples, 99)))
}

func percentile(samples []sample, percent int) time.Duration {
	var all []time.Duration
	for _, s := range samples {
		all = append(all, s.latencies...)
	}
	slices.Sort(all)
	return all[min(len(all)*percent/100, len(all)-1)]
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return v[len(v)/2]
}
