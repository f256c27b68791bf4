package store

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"regexp"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"quietude/geo/hexgrid"
	"quietude/server/atelier"
	"quietude/server/fault"
)

// CountedLoad receives all that hexagons count in a territoire. The callbacks
// get some hundred rows at a time, in no order, and never run at once; the
// slices are used again afterwards.
type CountedLoad struct {
	Markers      func([]CountedMarker) error
	Signalements func([]CountedSignalement) error
	// Recent names the rows written at or above the horizon, which the next
	// reading gives again.
	Recent func(id uuid.UUID, version int64)
}

// LoadCounted is ReadCounted from the start, for millions of rows: tables are
// read in parts, side by side, within one exported snapshot, and rows are
// decoded by hand from the binary protocol. Version and Gone are not set.
func (s *Store) LoadCounted(ctx context.Context, territoire string, c CountedLoad) (horizon int64, err error) {
	defer fault.Wrap(&err, "LoadCounted(%s)", territoire)
	err = pgx.BeginTxFunc(ctx, s.pool, wholeReading, func(tx pgx.Tx) error {
		load, err := s.newCountedLoad(ctx, tx, territoire, c)
		if err != nil {
			return err
		}
		horizon = load.horizon
		if err := load.readRecent(ctx, tx); err != nil {
			return err
		}
		return load.run(ctx, tx)
	})
	return horizon, translate(err)
}

var wholeReading = pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}

// countedLoad is one load under way.
type countedLoad struct {
	store      *Store
	territoire string
	snapshot   string
	horizon    int64
	parts      []loadPart
	taken      atomic.Int64 // parts that somebody reads or has read
	giving     sync.Mutex   // held during a callback
	CountedLoad
}

// loadPart reads a part of a table.
type loadPart func(ctx context.Context, tx pgx.Tx) error

func (s *Store) newCountedLoad(ctx context.Context, tx pgx.Tx, territoire string, c CountedLoad) (*countedLoad, error) {
	if _, err := tx.Exec(ctx, statement("unlimited_statements")); err != nil {
		return nil, err
	}
	type row struct {
		Horizon  int64
		Snapshot string
		Blocks   int64
	}
	r, err := one[row](ctx, tx, "hexagone_snapshot", pgx.StrictNamedArgs{})
	if err != nil {
		return nil, err
	}
	l := &countedLoad{store: s, territoire: territoire, snapshot: r.Snapshot, horizon: r.Horizon, CountedLoad: c}
	l.parts = []loadPart{l.readMarkers}
	for _, b := range blockRanges(r.Blocks, loadReaders()) {
		l.parts = append(l.parts, func(ctx context.Context, tx pgx.Tx) error { return l.readSignalements(ctx, tx, b) })
	}
	return l, nil
}

// loadReaders is how many connections read at once.
func loadReaders() int { return min(runtime.GOMAXPROCS(0), 4) }

// smallTable is the size in blocks below which a table is read at once.
const smallTable = 256

// blockRange is the blocks first ≤ b < end of a table.
type blockRange struct{ first, end int64 }

// blockRanges cuts a table in n parts. The last one is open: it also has the
// blocks that the table gained since its size was asked, where nothing can be
// visible to the snapshot but what was moved there.
func blockRanges(blocks int64, n int) []blockRange {
	const lastBlock = 1<<32 - 2
	if blocks < smallTable {
		n = 1
	}
	ranges := make([]blockRange, n)
	for i := range ranges {
		ranges[i] = blockRange{blocks * int64(i) / int64(n), blocks * int64(i+1) / int64(n)}
	}
	ranges[n-1].end = lastBlock
	return ranges
}

func (b blockRange) tid(block int64) string { return fmt.Sprintf("(%d,0)", block) }

// run reads all parts with the connection at hand, and with others as far as
// the pool has some to spare: a load that waited for more connections than
// there are would wait for other loads that do the same.
func (l *countedLoad) run(ctx context.Context, tx pgx.Tx) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var helpers sync.WaitGroup
	for range min(loadReaders(), len(l.parts)) - 1 {
		helpers.Go(func() {
			if err := l.help(ctx); err != nil {
				cancel(err)
			}
		})
	}
	err := l.readParts(ctx, tx)
	if err != nil {
		cancel(err)
	}
	helpers.Wait()
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

// readParts reads the parts that nobody has taken yet.
func (l *countedLoad) readParts(ctx context.Context, tx pgx.Tx) error {
	for {
		next := int(l.taken.Add(1)) - 1
		if next >= len(l.parts) {
			return nil
		}
		if err := l.parts[next](ctx, tx); err != nil {
			return err
		}
	}
}

// helperPatience is how long a second connection is waited for.
const helperPatience = 200 * time.Millisecond

// snapshotName is what pg_export_snapshot gives. SET TRANSACTION takes no
// parameter, so the name is looked at before it is written into it.
var snapshotName = regexp.MustCompile(`^[0-9A-F-]+$`)

func (l *countedLoad) help(ctx context.Context) error {
	wait, cancel := context.WithTimeout(ctx, helperPatience)
	defer cancel()
	conn, err := l.store.pool.Acquire(wait)
	if err != nil {
		return nil // the others do it alone
	}
	defer conn.Release()
	if !snapshotName.MatchString(l.snapshot) {
		return fmt.Errorf("snapshot %q", l.snapshot)
	}
	return pgx.BeginTxFunc(ctx, conn, wholeReading, func(tx pgx.Tx) error {
		for _, sql := range []string{"set transaction snapshot '" + l.snapshot + "'", statement("unlimited_statements")} {
			if _, err := tx.Exec(ctx, sql); err != nil {
				return err
			}
		}
		return l.readParts(ctx, tx)
	})
}

func (l *countedLoad) readRecent(ctx context.Context, tx pgx.Tx) error {
	type row struct {
		ID      uuid.UUID
		Version int64
	}
	args := pgx.StrictNamedArgs{"territoire": l.territoire, "since": l.horizon}
	return each(ctx, tx, "hexagone_recent", args, func(r *row) error {
		l.Recent(r.ID, r.Version)
		return nil
	})
}

func (l *countedLoad) readMarkers(ctx context.Context, tx pgx.Tx) error {
	args := pgx.StrictNamedArgs{"territoire": l.territoire}
	zones := zones{of: map[zoneKey]stretch{}}
	if err := bulkRead(ctx, tx, "hexagone_load_cells", args, zones.add); err != nil {
		return err
	}
	zones.close()
	var names names
	decode := func(columns [][]byte, into *CountedMarker) error {
		err := names.marker(columns, into)
		into.Cells = zones.cells(into.Atelier, into.ID)
		return err
	}
	return bulk(ctx, tx, "hexagone_load_markers", args, &l.giving, decode, l.Markers)
}

func (l *countedLoad) readSignalements(ctx context.Context, tx pgx.Tx, b blockRange) error {
	var names names
	args := pgx.StrictNamedArgs{"territoire": l.territoire, "first": b.tid(b.first), "end": b.tid(b.end)}
	return bulk(ctx, tx, "hexagone_load_signalements", args, &l.giving, names.signalement, l.Signalements)
}

// bulkRows is how many rows a callback gets: enough for the lock to vanish,
// few enough to stay in the nearest caches.
const bulkRows = 512

// bulk runs a statement and decodes its rows, in the binary format, by hand.
func bulk[T any](ctx context.Context, tx pgx.Tx, name string, args pgx.StrictNamedArgs, giving *sync.Mutex,
	decode func(columns [][]byte, into *T) error, give func([]T) error) error {
	batch := make([]T, 0, bulkRows)
	flush := func() error {
		giving.Lock()
		defer giving.Unlock()
		err := give(batch)
		batch = batch[:0]
		return err
	}
	err := bulkRead(ctx, tx, name, args, func(columns [][]byte) error {
		batch = batch[:len(batch)+1]
		if err := decode(columns, &batch[len(batch)-1]); err != nil || len(batch) < bulkRows {
			return err
		}
		return flush()
	})
	if err != nil {
		return err
	}
	return flush()
}

// bulkRead runs a statement and gives its rows in the binary format, which are
// valid until the next one.
func bulkRead(ctx context.Context, tx pgx.Tx, name string, args pgx.StrictNamedArgs, give func(columns [][]byte) error) error {
	rows, err := tx.Query(ctx, statement(name), pgx.QueryResultFormats{pgx.BinaryFormatCode}, args)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := give(rows.RawValues()); err != nil {
			return err
		}
	}
	return rows.Err()
}

// zones are the footprints of several cells. A footprint holds the cell of its
// marker's anchor (migrations, table marker_cell): one of a single cell is that
// one, which the marker itself tells, and four markers in five have no other.
type zones struct {
	all []hexgrid.Cell
	of  map[zoneKey]stretch
	// The marker whose cells are being read, and where they begin.
	reading zoneKey
	first   int
}

type zoneKey struct{ atelier, marker uuid.UUID }

// stretch is the elements first ≤ i < end.
type stretch struct{ first, end uint32 }

// add takes a row of atelier, marker and cell, those of a marker together.
func (z *zones) add(columns [][]byte) error {
	var key zoneKey
	cell, ok := readInt64(columns[2])
	if !ok || !readUUID(columns[0], &key.atelier) || !readUUID(columns[1], &key.marker) {
		return errBinary
	}
	if key != z.reading {
		z.close()
		z.reading = key
	}
	z.all = append(z.all, hexgrid.Cell(cell))
	return nil
}

// close ends the footprint that is being read.
func (z *zones) close() {
	if len(z.all)-z.first > 1 {
		z.of[z.reading] = stretch{uint32(z.first), uint32(len(z.all))}
	} else {
		z.all = z.all[:z.first]
	}
	z.first = len(z.all)
}

// cells are those of a zone, nil where there is only the cell of the anchor.
func (z *zones) cells(atelier, marker uuid.UUID) []hexgrid.Cell {
	s := z.of[zoneKey{atelier, marker}]
	return z.all[s.first:s.end:s.end]
}

// names keeps one copy of the few short texts that repeat in every row.
type names map[string]string

func (n *names) of(text []byte) string {
	if name, ok := (*n)[string(text)]; ok {
		return name
	}
	if *n == nil {
		*n = names{}
	}
	name := string(text)
	(*n)[name] = name
	return name
}

// The binary formats of PostgreSQL are big-endian; NULL is a nil slice.

// errBinary says that a column has not the width that its type has.
var errBinary = fmt.Errorf("store: a column has an unexpected width")

func readUUID(column []byte, into *uuid.UUID) bool {
	if column == nil {
		*into = uuid.Nil
		return true
	}
	return copy(into[:], column) == len(into)
}

func readInt64(column []byte) (int64, bool) {
	if len(column) != 8 {
		return 0, false
	}
	return int64(binary.BigEndian.Uint64(column)), true
}

// postgresEpoch is 2000-01-01 in microseconds of Unix time.
const postgresEpoch = 946_684_800_000_000

func readTime(column []byte) (time.Time, bool) {
	micros, ok := readInt64(column)
	if !ok || micros == math.MaxInt64 || micros == math.MinInt64 { // infinity is no moment
		return time.Time{}, false
	}
	return time.UnixMicro(micros + postgresEpoch), true
}

// signalement decodes id, quartier, cell, theme, reporter, occurred_from,
// occurred_to and origin.
func (n *names) signalement(columns [][]byte, s *CountedSignalement) error {
	cell, cellRead := readInt64(columns[2])
	from, fromRead := readTime(columns[5])
	to, toRead := readTime(columns[6])
	if !readUUID(columns[0], &s.ID) || !readUUID(columns[4], &s.Reporter) || !cellRead || !fromRead || !toRead {
		return errBinary
	}
	s.Quartier, s.Cell, s.Theme = n.of(columns[1]), hexgrid.Cell(cell), atelier.Theme(n.of(columns[3]))
	s.OccurredFrom, s.OccurredTo, s.Origin = from, to, n.of(columns[7])
	return nil
}

// marker decodes id, atelier, participant, quartier, felt, cell, themes and
// starts_at. Themes uses the room of the marker decoded there before.
func (n *names) marker(columns [][]byte, m *CountedMarker) error {
	cell, cellRead := readInt64(columns[5])
	starts, startsRead := readTime(columns[7])
	if !readUUID(columns[0], &m.ID) || !readUUID(columns[1], &m.Atelier) || !readUUID(columns[2], &m.Participant) || !cellRead || !startsRead {
		return errBinary
	}
	m.Quartier, m.Felt = n.of(columns[3]), atelier.Felt(n.of(columns[4]))
	m.Cell, m.StartsAt = hexgrid.Cell(cell), starts
	m.Themes = m.Themes[:0]
	return eachElement(columns[6], func(element []byte) bool {
		m.Themes = append(m.Themes, n.of(element))
		return true
	})
}

// eachElement visits the elements of an array of one dimension without NULLs:
// number of dimensions, a flag, the type, length and lower bound, 4 bytes each,
// then the width of each element and its bytes. NULL and {} have no element.
func eachElement(array []byte, visit func([]byte) bool) error {
	const header = 20
	if len(array) < header {
		return nil
	}
	for rest := array[header:]; len(rest) > 0; {
		if len(rest) < 4 {
			return errBinary
		}
		width := int(int32(binary.BigEndian.Uint32(rest)))
		if rest = rest[4:]; width < 0 || width > len(rest) || !visit(rest[:width]) {
			return errBinary
		}
		rest = rest[width:]
	}
	return nil
}
