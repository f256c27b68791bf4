package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"runtime/pprof"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"quietude/migrations"
	"quietude/server"
	"quietude/server/api"
	"quietude/server/auth"
	"quietude/server/hexmap"
	"quietude/server/live"
	"quietude/server/pglocal"
	"quietude/server/pgorb"
	"quietude/server/store"
)

func main() {
	var b bench
	flag.IntVar(&b.rows, "rows", 1_000_000, "rows of the city")
	flag.IntVar(&b.rounds, "rounds", 5, "rounds of each contest")
	flag.DurationVar(&b.round, "round", 500*time.Millisecond, "length of a round")
	flag.IntVar(&b.importRows, "import", 100_000, "rows of the file to import, about")
	flag.StringVar(&b.incidents, "incidents", "", "folder of real incidents (*.csv.gz) to ask about too")
	flag.StringVar(&b.data, "data", "", "folder of the database, kept for a later run with as many rows; \"\" for one that is removed")
	flag.StringVar(&b.only, "only", "", "one part after reading the rows: same, filtered, slowest, unfiltered, growth, repeated, collections, distinct or incidents")
	flag.StringVar(&b.profile, "profile", "", "file for a CPU profile of the time in which rows are read and servers asked")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := b.run(ctx); err != nil {
		log.Fatal(err)
	}
}

// bench is one run.
type bench struct {
	rows, rounds, importRows int
	round                    time.Duration
	incidents, data          string
	only, profile            string

	small, large city // a tenth of the rows, and all: both are in the database
	vast         city // 10 million rows: large, or else in memory only
	real         []city
	store        *store.Store
	admin        *pgx.Conn // superuser
	maps         *hexmap.Maps
	places       *hexmap.Places
	results      []string
}

// vastRows is ten years of a large city.
const vastRows = 10_000_000

func (b *bench) printf(format string, args ...any) { fmt.Printf(format, args...) }

// result is printed at the end.
func (b *bench) result(name string, value float64) {
	b.results = append(b.results, fmt.Sprintf("bench %s %.4g", name, value))
}

func (b *bench) run(ctx context.Context) (err error) {
	b.small, b.large = city{territoire: "73001", rows: b.rows / 10}, city{territoire: "73002", rows: b.rows}
	if b.vast = b.large; b.rows < vastRows {
		b.vast = city{territoire: "73003", rows: vastRows}
	}
	if b.incidents != "" {
		sets, err := readIncidents(b.incidents)
		if err != nil {
			return err
		}
		for i := range sets {
			b.real = append(b.real, city{territoire: fmt.Sprintf("7310%d", i+1), rows: len(sets[i].items), real: &sets[i]})
		}
	}
	dir := b.data
	if dir == "" {
		if dir, err = os.MkdirTemp("", "quietude-bench-"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	}
	quiet := slog.New(slog.DiscardHandler)
	cluster, err := pglocal.Start(ctx, pglocal.Options{Dir: dir, Logger: quiet})
	if err != nil {
		return err
	}
	defer func() {
		stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
		defer cancel()
		err = errors.Join(err, cluster.Stop(stopping))
	}()
	if err := migrations.Apply(ctx, cluster.URL()); err != nil {
		return err
	}
	if b.store, err = store.Open(ctx, cluster.URL(), 24); err != nil {
		return err
	}
	defer b.store.Close()
	if b.admin, err = pgx.Connect(ctx, cluster.AdminURL()); err != nil {
		return err
	}
	defer func() { _ = b.admin.Close(ctx) }()
	if err := pgorb.Register(ctx, b.admin); err != nil {
		return err
	}
	if err := b.describeMachine(ctx); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{b.references, b.imports, b.fill, b.measured} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	b.printf("\n%s\n", strings.Join(b.results, "\n"))
	return nil
}

func (b *bench) describeMachine(ctx context.Context) error {
	var version, settings string
	err := b.admin.QueryRow(ctx, `select postgis_full_version() || ', PostgreSQL ' || current_setting('server_version'),
		(select string_agg(name || '=' || setting, ' ' order by name) from pg_settings
		 where name in ('fsync', 'full_page_writes', 'synchronous_commit', 'shared_buffers', 'work_mem'))`).Scan(&version, &settings)
	model := "unknown processor"
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		if _, after, found := strings.Cut(string(text), "model name\t: "); found {
			model, _, _ = strings.Cut(after, "\n")
		}
	}
	load, _ := os.ReadFile("/proc/loadavg")
	b.printf("load average before the run: %s", load)
	b.printf("%s, %s/%s, %d cores, %s\n%s\n%s\n%d connections, %d rounds of %v; median (smallest–largest)\n\n", model, runtime.GOOS, runtime.GOARCH,
		runtime.GOMAXPROCS(0), runtime.Version(), version, settings, connections, b.rounds, b.round)
	return err
}

// references loads the territoires, without data.
func (b *bench) references(ctx context.Context) error {
	for _, c := range append(b.cities(), b.vast) {
		if _, err := b.store.LoadTerritoire(ctx, c.reference()); err != nil {
			return err
		}
		digest := sha256.Sum256([]byte(token(c.territoire)))
		if _, err := b.admin.Exec(ctx, `insert into staff_token (territoire, digest, role, label, scopes, expires_at)
			values ($1, $2, 'analyste', 'bench', '{hexagones}', now() + interval '1 year') on conflict do nothing`, c.territoire, digest[:]); err != nil {
			return err
		}
	}
	return nil
}

// cities are those in the database.
func (b *bench) cities() []city { return append([]city{b.small, b.large}, b.real...) }

func (b *bench) fill(ctx context.Context) error {
	for _, c := range b.cities() {
		var filled bool
		if err := b.admin.QueryRow(ctx, `select to_regclass($1) is not null`, c.alternativeTable()).Scan(&filled); err != nil {
			return err
		}
		if filled {
			continue
		}
		start := time.Now()
		if err := c.fill(ctx, b.admin); err != nil {
			return err
		}
		written := time.Now()
		if err := c.fillAlternative(ctx, b.admin); err != nil {
			return err
		}
		b.printf("%d rows: written in %.3gs, the alternative's table in %.3gs\n", c.rows, written.Sub(start).Seconds(), time.Since(written).Seconds())
	}
	return nil
}

// measured is what a profile is taken of.
func (b *bench) measured(ctx context.Context) error {
	if b.profile != "" {
		file, err := os.Create(b.profile)
		if err != nil {
			return err
		}
		defer func() { _ = file.Close() }()
		if err := pprof.StartCPUProfile(file); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	if err := b.rebuild(ctx); err != nil {
		return err
	}
	return b.serve(ctx)
}

// rebuild reads the territoires into memory; the large one again and again, beside
// what PostgreSQL alone takes to give the same columns.
func (b *bench) rebuild(ctx context.Context) error {
	b.places = hexmap.NewPlaces(b.store)
	var source hexmap.Rows = b.store
	if b.vast != b.large {
		source = &madeRows{Rows: b.store, city: b.vast}
	}
	b.maps = hexmap.NewMaps(source, b.places)
	if _, err := b.maps.View(ctx, b.small.territoire); err != nil {
		return err
	}
	var rates, alone, together, ratios []float64
	var worked []float64 // microseconds of this process's processors for a row
	var view *hexmap.View
	for range b.rounds {
		b.maps.Forget(b.large.territoire)
		view = nil // or two would be in memory
		runtime.GC()
		start, busy := time.Now(), processorTime()
		var err error
		if view, err = b.maps.View(ctx, b.large.territoire); err != nil {
			return err
		}
		rates = append(rates, float64(view.Rows())/time.Since(start).Seconds())
		worked = append(worked, float64((processorTime()-busy).Microseconds())/float64(view.Rows()))
		one, err := b.copyOut(ctx, 1)
		if err != nil {
			return err
		}
		all, err := b.copyOut(ctx, runtime.GOMAXPROCS(0))
		if err != nil {
			return err
		}
		alone, together, ratios = append(alone, one), append(together, all), append(ratios, rates[len(rates)-1]/all)
	}
	perRow := bytesPerRow(view)
	b.printf("%d rows into memory: %.4g rows/s (of %.4g), %.3g µs of processor a row here (of %.3g), %.4g bytes a row\n",
		view.Rows(), median(rates), rates, median(worked), worked, perRow)
	b.printf("signalements to nowhere by COPY: %.4g rows/s (of %.4g) by one connection, %.4g rows/s (of %.4g) by %d\n",
		median(alone), alone, median(together), together, runtime.GOMAXPROCS(0))
	b.result("rebuild_rows_per_s", median(rates))
	b.result("rebuild_processor_us_per_row", median(worked))
	b.result("copy_out_rows_per_s", median(together))
	b.result("rebuild_vs_copy_out", median(ratios))
	if b.vast != b.large {
		b.result("bytes_per_row_"+short(b.rows), perRow)
		view = nil
		var err error
		if view, err = b.maps.View(ctx, b.vast.territoire); err != nil {
			return err
		}
		perRow = bytesPerRow(view)
		b.printf("%d rows made in memory: %.4g bytes a row\n", view.Rows(), perRow)
	}
	b.result("bytes_per_row", perRow)
	b.printf("\n")
	return nil
}

func bytesPerRow(view *hexmap.View) float64 {
	return float64(view.MemoryBytes()) / float64(view.Rows())
}

// processorTime is what this process has had of the processors so far, which
// other work on the machine changes less than the clock.
func processorTime() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// copyOut reads the signalements of the large city as COPY gives them, over some
// connections, each a part of the table, and throws them away: no reading can be
// faster.
func (b *bench) copyOut(ctx context.Context, connections int) (rowsPerSecond float64, err error) {
	var blocks int
	if err := b.admin.QueryRow(ctx, `select pg_relation_size('signalement') / current_setting('block_size')::bigint`).Scan(&blocks); err != nil {
		return 0, err
	}
	var (
		copying sync.WaitGroup
		rows    atomic.Int64
		failed  = make([]error, connections)
	)
	start := time.Now()
	for i := range connections {
		copying.Go(func() {
			conn, err := b.store.Pool().Acquire(ctx)
			if err != nil {
				failed[i] = err
				return
			}
			defer conn.Release()
			tag, err := conn.Conn().PgConn().CopyTo(ctx, io.Discard, fmt.Sprintf(`copy (
				select id, quartier, cell, theme, reporter, occurred_from, occurred_to from signalement
				where territoire = '%s' and not hidden and ctid >= '(%d,0)' and ctid < '(%d,0)') to stdout (format binary)`,
				b.large.territoire, blocks*i/connections, blocks*(i+1)/connections))
			rows.Add(tag.RowsAffected())
			failed[i] = err
		})
	}
	copying.Wait()
	return float64(rows.Load()) / time.Since(start).Seconds(), errors.Join(failed...)
}

// serve starts the real handler, one that keeps no answer, and the
// alternative, and has them asked.
func (b *bench) serve(ctx context.Context) error {
	// The log is written as in service, and thrown away by the kernel.
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer func() { _ = null.Close() }()
	logger := slog.New(slog.NewTextHandler(null, nil))
	kept, err := b.handler(logger, 0)
	if err != nil {
		return err
	}
	computed, err := b.handler(logger, -1)
	if err != nil {
		return err
	}
	var l listeners
	defer l.close()
	e := exam{bench: b, questions: someQuestions()}
	if e.kept, err = l.serve(kept); err != nil {
		return err
	}
	if e.computed, err = l.serve(computed); err != nil {
		return err
	}
	sample, err := fetch(e.computed, e.unfiltered(b.vast, 14)[0])
	if err != nil {
		return err
	}
	if e.alternative, err = l.serve(alternative(b.store.Pool(), b.cities(), e.questions, sample.body)); err != nil {
		return err
	}
	e.sample = sample
	return e.run(ctx)
}

func (b *bench) handler(logger *slog.Logger, keptBytes int) (http.Handler, error) {
	routes, err := api.New(api.Config{Store: b.store, Places: b.places, Maps: b.maps, Logger: logger,
		Live: live.NewHub(b.store, b.places, logger, b.maps.Touch), Auth: auth.New(b.store, auth.Options{}),
		Territoire: b.large.territoire, KeptBytes: keptBytes, Now: time.Now,
		Migrated: func(context.Context) (bool, error) { return true, nil }})
	if err != nil {
		return nil, err
	}
	return server.New(server.Config{API: routes, Logger: logger})
}

// listeners are servers on loopback.
type listeners struct{ open []*http.Server }

func (l *listeners) serve(h http.Handler) (address string, err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	s := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second}
	l.open = append(l.open, s)
	go func() { _ = s.Serve(listener) }()
	return listener.Addr().String(), nil
}

func (l *listeners) close() {
	for _, s := range l.open {
		_ = s.Close()
	}
}

// answer is what came for one request.
type answer struct {
	body []byte
	tag  string
}

func fetch(address, path string) (answer, error) {
	// The usual client asks for gzip by itself.
	client := http.Client{Transport: &http.Transport{DisableCompression: true, DisableKeepAlives: true}}
	request, err := http.NewRequest(http.MethodGet, "http://"+address+path, nil)
	if err != nil {
		return answer{}, err
	}
	if name, value, found := strings.Cut(strings.TrimSpace(authorization(path)), ": "); found {
		request.Header.Set(name, value)
	}
	r, err := client.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = r.Body.Close() }()
	body, err := io.ReadAll(r.Body)
	if err == nil && r.StatusCode >= 300 {
		err = fmt.Errorf("%s: status %d: %s", path, r.StatusCode, body)
	}
	return answer{body, r.Header.Get("ETag")}, err
}
