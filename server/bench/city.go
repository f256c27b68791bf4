package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"iter"
	"math"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"quietude/geo/hexcube"
	"quietude/geo/hexcube/hexcubetest"
	"quietude/server/atelier"
	"quietude/server/store"
)

// city is an imaginary territoire of so many rows in memory: signalements, and
// cells of the footprints of markers.
type city struct {
	territoire string // INSEE code
	rows       int
	// real is what happened in a real city instead; nil in an imaginary one.
	real *incidents
}

// item is a marker or signalement: its rows, and where it is.
type item struct {
	rows []hexcube.Row
	at   orb.Point
}

// items groups the rows of hexcubetest.City, which come item by item.
func (c city) items() iter.Seq[item] {
	if c.real != nil {
		return c.real.all()
	}
	return func(yield func(item) bool) {
		var it item
		for r, at := range (hexcubetest.City{Rows: c.rows, Seed: 1}).All() {
			if len(it.rows) > 0 && it.rows[0].ID != r.ID {
				if !yield(it) {
					return
				}
				it.rows = it.rows[:0]
			}
			it.rows, it.at = append(it.rows, r), at
		}
		if len(it.rows) > 0 {
			yield(it)
		}
	}
}

// quartiers is how many the generator numbers, from 1.
const quartiers = 8

func quartierCode(number uint16) string { return fmt.Sprintf("Q%d", max(number, 1)) }

// reference cuts the disc of the city into its quartiers, as the generator does.
func (c city) reference() store.Reference {
	if c.real != nil {
		return c.real.reference(c.territoire)
	}
	const radius, step = 5_800 * 0.9, math.Pi / 64
	middle := orb.Point{5.9178, 45.5646}
	at := func(angle, radius float64) orb.Point {
		const metresPerDegree = 111_195
		return orb.Point{middle[0] + radius*math.Cos(angle)/(metresPerDegree*math.Cos(middle[1]*math.Pi/180)), middle[1] + radius*math.Sin(angle)/metresPerDegree}
	}
	ref := store.Reference{Territoire: atelier.Territoire{Code: c.territoire, Nom: "Ville imaginaire", Fuseau: "Europe/Paris",
		Emprise: orb.MultiPoint{at(0, 7_000), at(math.Pi/2, 7_000), at(math.Pi, 7_000), at(-math.Pi/2, 7_000)}.Bound()}}
	for n := range quartiers {
		first := -math.Pi + 2*math.Pi*float64(n)/quartiers
		ring := orb.Ring{middle}
		for i := range 17 {
			ring = append(ring, at(first+step*float64(i), radius))
		}
		ring = append(ring, middle)
		code := quartierCode(uint16(n + 1))
		ref.Quartiers = append(ref.Quartiers, atelier.Quartier{Code: code, Nom: "Quartier " + code, NomCourt: code, Geom: orb.MultiPolygon{{ring}}})
	}
	return ref
}

// fill writes the city with COPY: tables that reference each other in any
// order, without their indexes, which are made again at the end.
func (c city) fill(ctx context.Context, conn *pgx.Conn) error {
	tx, err := conn.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	if _, err := tx.Exec(ctx, `set local session_replication_role = replica; set local synchronous_commit = off; set local maintenance_work_mem = '512MB'`); err != nil {
		return err
	}
	indexes, err := dropIndexes(ctx, tx)
	if err != nil {
		return err
	}
	for _, copies := range []func(context.Context, pgx.Tx) error{c.copyAteliers, c.copySignalements, c.copyMarkers, c.copyCells} {
		if err := copies(ctx, tx); err != nil {
			return err
		}
	}
	for _, definition := range indexes {
		if _, err := tx.Exec(ctx, definition); err != nil {
			return err
		}
	}
	if err := tx.Commit(ctx); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, `vacuum analyze signalement, marker, marker_cell, atelier`)
	return err
}

// dropIndexes drops what can be made again from its definition, and gives the
// definitions of those by which changes are followed. The others serve lists
// and searches, which are not measured; imports have been, with all of them.
func dropIndexes(ctx context.Context, tx pgx.Tx) (definitions []string, err error) {
	rows, err := tx.Query(ctx, `select indexname, indexdef from pg_indexes i
		where tablename in ('signalement', 'marker', 'marker_cell')
		  and not exists (select from pg_constraint where conname = indexname)`)
	if err != nil {
		return nil, err
	}
	type index struct{ Name, Definition string }
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[index])
	for _, i := range all {
		if err == nil {
			_, err = tx.Exec(ctx, "drop index "+pgx.Identifier{i.Name}.Sanitize())
			if strings.HasSuffix(i.Name, "_version") {
				definitions = append(definitions, i.Definition)
			}
		}
	}
	return definitions, err
}

// person is the identifier of a contributor; numbers are spread so that they
// sort as random identifiers do.
func (c city) person(number uint32) uuid.UUID {
	var id uuid.UUID
	binary.BigEndian.PutUint64(id[:], uint64(number)*0x9e3779b97f4a7c15)
	copy(id[8:], c.territoire)
	return id
}

// id is the identifier of an item in this territoire.
func (c city) id(r hexcube.Row) uuid.UUID { return uuid.UUID(r.ID) }

func (c city) atelier(number uint32) uuid.UUID {
	id := c.person(number)
	id[15] = 'a'
	return id
}

// feltOf is what a marker says.
func feltOf(r hexcube.Row) atelier.Felt {
	if r.Felt == hexcube.Safe {
		return atelier.Safe
	}
	return atelier.Unsafe
}

func themesOf(set hexcube.ThemeSet) (codes []string) {
	for i, theme := range atelier.Themes {
		if set>>i&1 == 1 {
			codes = append(codes, string(theme))
		}
	}
	return codes
}

// when gives the period of a row: a moment when its hour is known.
func when(r hexcube.Row) (from, to time.Time) {
	from = time.Unix(r.At, 0)
	if r.Hour == hexcube.NoHour {
		return from, from.Add(6 * time.Hour)
	}
	return from, from
}

func copyRows(ctx context.Context, tx pgx.Tx, table string, columns []string, rows iter.Seq[[]any]) error {
	next, stop := iter.Pull(rows)
	defer stop()
	_, err := tx.CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromFunc(func() ([]any, error) {
		row, _ := next()
		return row, nil
	}))
	if err != nil {
		return fmt.Errorf("copy %s: %w", table, err)
	}
	return nil
}

// copyAteliers writes each atelier at the moment of its first marker.
func (c city) copyAteliers(ctx context.Context, tx pgx.Tx) error {
	return copyRows(ctx, tx, "atelier", []string{"territoire", "id", "quartier", "kind", "titre", "starts_at", "closes_at", "state"}, func(yield func([]any) bool) {
		seen := map[uint32]bool{}
		for it := range c.items() {
			r := it.rows[0]
			if r.Felt == hexcube.FeltNone || seen[r.Atelier] {
				continue
			}
			seen[r.Atelier] = true
			start := time.Unix(r.At, 0)
			if !yield([]any{c.territoire, c.atelier(r.Atelier), quartierCode(r.Quartier), "atelier", "Atelier", start, start.Add(3 * time.Hour), "open"}) {
				return
			}
		}
	})
}

// originName is where the signalements with a number came from.
func originName(number uint16) string { return fmt.Sprintf("import:bench%d", number) }

func (c city) copySignalements(ctx context.Context, tx pgx.Tx) error {
	return copyRows(ctx, tx, "signalement", []string{"territoire", "id", "quartier", "geom", "cell", "theme", "occurred_from", "occurred_to", "reporter", "origin"}, func(yield func([]any) bool) {
		for it := range c.items() {
			r := it.rows[0]
			if r.Felt != hexcube.FeltNone {
				continue
			}
			var quartier, reporter any
			if r.Quartier > 0 {
				quartier = quartierCode(r.Quartier)
			}
			if r.Contributor > 0 {
				reporter = c.person(r.Contributor)
			}
			from, to := when(r)
			if !yield([]any{c.territoire, c.id(r), quartier, it.at, int64(r.Cell), themesOf(r.Themes)[0], from, to, reporter, originName(r.Origin)}) {
				return
			}
		}
	})
}

func (c city) copyMarkers(ctx context.Context, tx pgx.Tx) error {
	columns := []string{"territoire", "atelier", "id", "participant", "numero", "quartier", "felt", "geom", "anchor", "cell", "themes",
		"added_seq", "geometry_seq", "existence_seq", "seq"}
	return copyRows(ctx, tx, "marker", columns, func(yield func([]any) bool) {
		for it := range c.items() {
			r := it.rows[0]
			if r.Felt == hexcube.FeltNone {
				continue
			}
			// A zone is drawn as its anchor: its footprint is what counts here.
			if !yield([]any{c.territoire, c.atelier(r.Atelier), c.id(r), c.person(r.Contributor), 1, quartierCode(r.Quartier), string(feltOf(r)),
				it.at, it.at, int64(r.Cell), themesOf(r.Themes), 1, 1, 1, 1}) {
				return
			}
		}
	})
}

func (c city) copyCells(ctx context.Context, tx pgx.Tx) error {
	return copyRows(ctx, tx, "marker_cell", []string{"territoire", "atelier", "marker", "cell"}, func(yield func([]any) bool) {
		for it := range c.items() {
			for _, r := range it.rows {
				if r.Felt != hexcube.FeltNone && !yield([]any{c.territoire, c.atelier(r.Atelier), c.id(r), int64(r.Cell)}) {
					return
				}
			}
		}
	})
}

// file is a CSV of signalements for the importer.
func (c city) file() []byte {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		panic(err) // hexmap embeds the time zones
	}
	var text bytes.Buffer
	text.WriteString("id,lon,lat,date,theme\n")
	for it := range c.items() {
		if r := it.rows[0]; r.Felt == hexcube.FeltNone {
			fmt.Fprintf(&text, "%s,%.7f,%.7f,%s,%s\n", c.id(r), it.at[0], it.at[1], time.Unix(r.At, 0).In(paris).Format("2006-01-02 15:04:05"), themesOf(r.Themes)[0])
		}
	}
	return text.Bytes()
}
