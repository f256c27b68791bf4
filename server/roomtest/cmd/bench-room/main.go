// Command bench-room measures the live room of a running program from outside,
// with the figures of docs/performance-room.md. It starts the program on a new
// data folder, so PostgreSQL is the private one, with synchronous_commit=on.
//
//	go build -o bin/quietude ./cmd/quietude
//	go run ./server/roomtest/cmd/bench-room -binary bin/quietude
//
// The devices run on the same machine as the server and take their share of it.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"time"

	"quietude/server/roomtest"
)

func main() {
	b := bench{out: log.New(os.Stdout, "", 0)}
	flag.StringVar(&b.binary, "binary", "bin/quietude", "the program to measure")
	flag.IntVar(&b.rounds, "rounds", 5, "rounds of each measurement; the median counts")
	flag.DurationVar(&b.length, "length", 10*time.Second, "length of one round")
	only := flag.String("only", "hall,city,nodes,writes,late", "which measurements, comma-separated")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := b.run(ctx, strings.Split(*only, ",")); err != nil {
		fmt.Fprintln(os.Stderr, "bench-room:", err)
		stop()
		os.Exit(1)
	}
}

type bench struct {
	binary string
	rounds int
	length time.Duration
	out    *log.Logger
	node   *roomtest.Node
}

// measurement is one row of the table. Its round returns figures in the order
// of its columns.
type measurement struct {
	name    string
	columns []string
	round   func(context.Context) ([]float64, error)
}

func (b *bench) run(ctx context.Context, only []string) error {
	dir, err := os.MkdirTemp("", "bench-room-")
	if err == nil {
		err = os.Chmod(dir, 0o711) // PostgreSQL may run as another account
	}
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if b.node, err = roomtest.StartNode(ctx, b.binary, dir); err != nil {
		return err
	}
	defer func() {
		_ = b.node.Signal(os.Interrupt)
		if b.node.Wait(15*time.Second) != nil {
			b.node.Kill()
		}
	}()
	b.out.Printf("%d CPU, %s, %d rounds of %v", runtime.NumCPU(), runtime.Version(), b.rounds, b.length)
	for _, m := range b.measurements() {
		if !slices.Contains(only, strings.Fields(m.name)[0]) {
			continue
		}
		if err := b.measure(ctx, m); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
	}
	return nil
}

// hall opens an evening on the first node.
func (b *bench) hall(ctx context.Context, tables int) (*roomtest.Hall, error) {
	cookie, err := b.node.Animateur()
	if err != nil {
		return nil, err
	}
	return roomtest.OpenHall(ctx, b.node.Base, cookie, tables)
}

func (b *bench) measurements() []measurement {
	delays := []string{"operations/s", "deliveries/s", "receipt p50 ms", "receipt p99 ms", "others p50 ms", "others p99 ms", "others max ms"}
	loads := []string{"acknowledged/s", "bare inserts/s", "per cent of bare", "server CPU µs/op", "PostgreSQL µs/op", "client CPU µs/op"}
	return []measurement{
		{"hall (1 room, 200 devices, 20 operations/s)", delays, b.fanout(fan{rooms: 1, readers: 200, rate: 20})},
		{"hall (1 room, 200 devices, 100 operations/s)", delays, b.fanout(fan{rooms: 1, readers: 200, rate: 100})},
		{"city (50 rooms, 2000 devices, 50 operations/s)", delays, b.fanout(fan{rooms: 50, readers: 40, rate: 50})},
		{"nodes (1 room, 40 devices on two nodes, 20 operations/s)", delays, b.fanout(fan{rooms: 1, readers: 40, rate: 20, twoNodes: true})},
		{"writes (50 rooms, 4 devices each, 1 operation per request)", loads, b.writes(1)},
		{"writes (50 rooms, 4 devices each, 10 operations per request)", loads, b.writes(10)},
		{"late (5000 operations in the log)", []string{"markers", "join ms", "snapshot ms", "drawing after ms", "replay of all ms"}, b.late()},
	}
}

func (b *bench) measure(ctx context.Context, m measurement) error {
	figures := make([][]float64, len(m.columns))
	for range b.rounds {
		row, err := m.round(ctx)
		if err != nil {
			return err
		}
		for i, v := range row {
			figures[i] = append(figures[i], v)
		}
	}
	b.out.Printf("\n%s", m.name)
	for i, column := range m.columns {
		slices.Sort(figures[i])
		b.out.Printf("  %-18s median %9.1f   min %9.1f   max %9.1f", column, quantile(figures[i], .5), figures[i][0], figures[i][len(figures[i])-1])
	}
	return nil
}

// quantile of sorted figures, by nearest rank.
func quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
