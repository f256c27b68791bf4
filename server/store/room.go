package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/paulmach/orb"

	"quietude/geo/hexgrid"
	"quietude/server/atelier"
	"quietude/server/fault"
)

// RoomView is what a batch of operations is decided on: the room as it stands
// while its lock is held.
type RoomView struct {
	Atelier atelier.Atelier
	// Known are the operations of the batch that the log already has, by id.
	Known map[uuid.UUID]KnownOperation
	// Markers are those that the batch names and that exist, by id.
	Markers map[uuid.UUID]atelier.Marker
	// Counts are living markers by participant of the batch and felt.
	Counts map[uuid.UUID]map[atelier.Felt]int
	// Now is the clock of the database.
	Now time.Time
	// AllMarkers reads every marker of the room (for the freeze).
	AllMarkers func() ([]atelier.Marker, error)
	// Said reads what the room says in words, and its votes.
	Said func() (Said, error)
	// Answers reads its findings and what the authorities answer.
	Answers func() (atelier.Answers, error)
	// points are the markers among those read that are points as they are stored.
	points map[uuid.UUID]bool
}

// KnownOperation is an operation that the log already has.
type KnownOperation struct {
	Entry
	Digest []byte
}

// LoggedOperation is one new line of the log.
type LoggedOperation struct {
	Seq         int64
	ID          uuid.UUID
	Kind        atelier.Kind
	Marker      uuid.UUID
	Participant uuid.UUID
	Table       int
	Role        string
	Body        json.RawMessage
	Digest      []byte
	At          time.Time
	OffsetS     *int
}

// RoomChange is what a batch leads to; all of it is written, or nothing.
type RoomChange struct {
	Operations []LoggedOperation
	// Markers are the new states, each once.
	Markers []atelier.Marker
	// Moved are the ids among Markers whose footprint changed.
	Moved map[uuid.UUID]bool
	// Room is the new state of the room; Seq its last number.
	Room     atelier.Room
	Seq      int64
	FrozenAt *time.Time
	// Tables whose state changed.
	Tables []atelier.TableState
	// Remarks are the new states, each once; Votes those cast, in order.
	Remarks []atelier.Remark
	Votes   []atelier.VoteOf
	// Answers are set by the freeze.
	Answers *FrozenAnswers
	// Late are operations refused because the room is frozen.
	Late []LoggedOperation
}

// RoomWrite is what a batch of operations needs to be decided.
type RoomWrite struct {
	Territoire string
	Atelier    uuid.UUID
	// Operations and Markers are those that the batch names.
	Operations, Markers []uuid.UUID
	// Counted are the participants whose living markers are counted: those who
	// may come to have one more.
	Counted []uuid.UUID
}

// WriteRoom locks a room, shows it to decide, and writes what decide answers,
// in one transaction: a nil error means that it is committed. Writers of one
// room wait for each other; rooms don't.
//
// It takes two round trips: BEGIN travels with the reads, COMMIT with the writes.
func (s *Store) WriteRoom(ctx context.Context, w RoomWrite, decide func(RoomView) (RoomChange, error)) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return translate(err)
	}
	defer conn.Release()
	if err = writeRoomOn(ctx, conn.Conn(), w, decide); err == nil {
		return nil
	}
	// The transaction may be over already, or the connection; then this changes
	// nothing.
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), rollbackTime)
	defer cancel()
	_, _ = conn.Exec(end, "rollback")
	if isForeignKeyOf(err, "marker_territoire_atelier_participant_fkey") ||
		isForeignKeyOf(err, "remark_territoire_atelier_participant_fkey") || isForeignKeyOf(err, "vote_territoire_atelier_participant_fkey") {
		// The seat was erased while a device still had its token.
		return fault.New(fault.Unauthorized, "acces_inconnu",
			"Votre accès n’est plus reconnu. Entrez de nouveau le code de votre table.").Because(err)
	}
	return translate(err)
}

// rollbackTime bounds the end of a transaction that failed; a connection that
// does not answer by then is closed.
const rollbackTime = 2 * time.Second

func writeRoomOn(ctx context.Context, conn *pgx.Conn, w RoomWrite, decide func(RoomView) (RoomChange, error)) error {
	view, err := beginRoom(ctx, conn, w)
	if err != nil {
		return err
	}
	view.AllMarkers = func() ([]atelier.Marker, error) { return roomMarkers(ctx, conn, w.Territoire, w.Atelier) }
	view.Said = func() (Said, error) { return roomSaid(ctx, conn, w.Territoire, w.Atelier) }
	view.Answers = func() (atelier.Answers, error) { return roomAnswers(ctx, conn, w.Territoire, w.Atelier) }
	change, err := decide(view)
	if err != nil {
		return err
	}
	return commitRoom(ctx, conn, view, change)
}

// lockedRow is an atelier whose lock is held, with the clock of the database.
type lockedRow struct {
	atelierRow
	Now time.Time
}

// beginRoom begins the transaction, takes the lock and reads.
func beginRoom(ctx context.Context, conn *pgx.Conn, w RoomWrite) (RoomView, error) {
	var b pgx.Batch
	view := RoomView{Known: map[uuid.UUID]KnownOperation{}, Markers: map[uuid.UUID]atelier.Marker{}, Counts: map[uuid.UUID]map[atelier.Felt]int{}, points: map[uuid.UUID]bool{}}
	b.Queue("begin")
	var row lockedRow
	b.Queue(statement("lock_atelier"), named{"territoire": w.Territoire, "id": w.Atelier}).Query(func(rows pgx.Rows) (err error) {
		row, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[lockedRow])
		return err
	})
	var tables []tableRow
	b.Queue(statement("room_tables"), named{"territoire": w.Territoire, "atelier": w.Atelier}).Query(func(rows pgx.Rows) (err error) {
		tables, err = pgx.CollectRows(rows, pgx.RowToStructByName[tableRow])
		return err
	})
	b.Queue(statement("known_operations"), named{"territoire": w.Territoire, "atelier": w.Atelier, "ids": w.Operations}).Query(func(rows pgx.Rows) error {
		all, err := pgx.CollectRows(rows, pgx.RowToStructByName[KnownOperation])
		for _, k := range all {
			view.Known[k.ID] = k
		}
		return err
	})
	if len(w.Markers) > 0 {
		b.Queue(statement("markers_named"), named{"territoire": w.Territoire, "atelier": w.Atelier, "ids": w.Markers}).Query(func(rows pgx.Rows) error {
			all, err := pgx.CollectRows(rows, pgx.RowToStructByName[markerRow])
			for _, m := range all {
				view.Markers[m.ID] = m.domain()
				_, view.points[m.ID] = m.Geom.(orb.Point)
			}
			return err
		})
	}
	if len(w.Counted) > 0 {
		b.Queue(statement("marker_counts"), named{"territoire": w.Territoire, "atelier": w.Atelier, "participants": w.Counted}).Query(func(rows pgx.Rows) error {
			type count struct {
				Participant uuid.UUID
				Felt        atelier.Felt
				Markers     int
			}
			all, err := pgx.CollectRows(rows, pgx.RowToStructByName[count])
			for _, c := range all {
				if view.Counts[c.Participant] == nil {
					view.Counts[c.Participant] = map[atelier.Felt]int{}
				}
				view.Counts[c.Participant][c.Felt] = c.Markers
			}
			return err
		})
	}
	if err := conn.SendBatch(ctx, &b).Close(); err != nil {
		return RoomView{}, noAtelier(translate(err))
	}
	view.Atelier, view.Now = row.domain(tables), row.Now
	return view, nil
}

// commitRoom writes a change and commits.
func commitRoom(ctx context.Context, conn *pgx.Conn, view RoomView, c RoomChange) error {
	a := view.Atelier
	var b pgx.Batch
	for _, o := range c.Operations {
		b.Queue(statement("insert_operation"), named{
			"territoire": a.Territoire, "atelier": a.ID, "seq": o.Seq, "id": o.ID, "kind": string(o.Kind),
			"marker": nullUUID(o.Marker), "participant": nullUUID(o.Participant), "numero": nullInt(o.Table),
			"role": o.Role, "body": o.Body, "digest": o.Digest, "at": o.At, "offset_s": o.OffsetS})
	}
	for _, m := range c.Markers {
		b.Queue(statement("upsert_marker"), markerArgs(a, m))
		switch {
		case !c.Moved[m.ID]:
		case view.points[m.ID] && len(m.Cells) == 1:
			b.Queue(statement("move_footprint"), named{
				"territoire": a.Territoire, "atelier": a.ID, "marker": m.ID, "cell": m.Cells[0]})
		default:
			b.Queue(statement("replace_footprint"), named{
				"territoire": a.Territoire, "atelier": a.ID, "marker": m.ID, "cells": m.Cells})
		}
	}
	queueSaid(&b, a, c)
	for _, t := range c.Tables {
		b.Queue(statement("update_table"), named{
			"territoire": a.Territoire, "atelier": a.ID, "numero": t.Numero, "is_open": t.Open})
	}
	for _, o := range c.Late {
		b.Queue(statement("insert_late"), named{
			"territoire": a.Territoire, "atelier": a.ID, "id": o.ID, "participant": nullUUID(o.Participant),
			"numero": nullInt(o.Table), "kind": string(o.Kind)})
	}
	if len(c.Operations) > 0 {
		b.Queue(statement("update_room"), named{
			"territoire": a.Territoire, "id": a.ID, "state": c.Room.State, "step": c.Room.Step, "step_at": c.Room.StepAt,
			"step_minutes": c.Room.StepMinutes, "shared": c.Room.Shared, "seq": c.Seq,
			"frozen_at": c.FrozenAt, "frozen_hash": c.Room.FrozenHash})
	}
	// After a statement that fails PostgreSQL skips the rest, this one included.
	var done pgconn.CommandTag
	b.Queue("commit").Exec(func(tag pgconn.CommandTag) error { done = tag; return nil })
	if err := conn.SendBatch(ctx, &b).Close(); err != nil {
		return err
	}
	if done.String() != "COMMIT" {
		return pgx.ErrTxCommitRollback
	}
	return nil
}

type markerRow struct {
	ID            uuid.UUID
	Participant   uuid.UUID
	Numero        int
	Quartier      string
	Felt          atelier.Felt
	Geom          orb.Geometry
	Anchor        orb.Point
	Cell          hexgrid.Cell
	Cells         []hexgrid.Cell
	Themes        []string
	Reasons       []string
	Moments       []string
	Days          []string
	Nature        string
	Frequency     string
	Since         string
	Place         string
	Severity      int
	Avoids        *bool
	Approached    []string
	Note          string
	Deleted       bool
	Hidden        bool
	AddedSeq      int64
	GeometrySeq   int64
	ExistenceSeq  int64
	AttributeSeqs map[string]int64
	Seq           int64
}

func (r markerRow) domain() atelier.Marker {
	return atelier.Marker{
		ID: r.ID, Author: r.Participant, Table: r.Numero, Quartier: r.Quartier, Felt: r.Felt,
		Geometry: r.Geom, Anchor: r.Anchor, Cell: r.Cell, Cells: r.Cells,
		Attributes: atelier.Attributes{
			Themes: r.Themes, Reasons: r.Reasons, Moments: r.Moments, Days: r.Days, Nature: r.Nature,
			Frequency: r.Frequency, Since: r.Since, Place: r.Place, Severity: r.Severity, Avoids: r.Avoids,
			Approached: r.Approached, Note: r.Note},
		Deleted: r.Deleted, Hidden: r.Hidden, Seq: r.Seq, AddedSeq: r.AddedSeq, GeometrySeq: r.GeometrySeq,
		ExistenceSeq: r.ExistenceSeq, AttributeSeqs: r.AttributeSeqs,
	}
}

func markerArgs(a atelier.Atelier, m atelier.Marker) named {
	return named{
		"territoire": a.Territoire, "atelier": a.ID, "id": m.ID, "participant": m.Author, "numero": m.Table,
		"quartier": m.Quartier, "felt": string(m.Felt), "geom": m.Geometry, "anchor": m.Anchor, "cell": m.Cell,
		"themes": emptyNotNil(m.Themes), "reasons": emptyNotNil(m.Reasons), "moments": emptyNotNil(m.Moments),
		"days": emptyNotNil(m.Days), "nature": m.Nature, "frequency": m.Frequency, "since": m.Since,
		"place": m.Place, "severity": m.Severity, "avoids": m.Avoids, "approached": emptyNotNil(m.Approached),
		"note": m.Note, "deleted": m.Deleted, "hidden": m.Hidden, "added_seq": m.AddedSeq,
		"geometry_seq": m.GeometrySeq, "existence_seq": m.ExistenceSeq, "attribute_seqs": m.AttributeSeqs, "seq": m.Seq,
	}
}

func roomMarkers(ctx context.Context, q querier, territoire string, id uuid.UUID) ([]atelier.Marker, error) {
	return markersOf(ctx, q, "markers", pgx.StrictNamedArgs{"territoire": territoire, "atelier": id})
}

func namedMarkers(ctx context.Context, q querier, territoire string, id uuid.UUID, ids []uuid.UUID) ([]atelier.Marker, error) {
	return markersOf(ctx, q, "markers_named", pgx.StrictNamedArgs{"territoire": territoire, "atelier": id, "ids": ids})
}

func markersOf(ctx context.Context, q querier, statement string, args pgx.StrictNamedArgs) ([]atelier.Marker, error) {
	rows, err := many[markerRow](ctx, q, statement, args)
	if err != nil {
		return nil, err
	}
	out := make([]atelier.Marker, len(rows))
	for i, r := range rows {
		out[i] = r.domain()
	}
	return out, nil
}

// Snapshot gives a room and all its markers, deleted ones included, at one
// number of its log.
func (s *Store) Snapshot(ctx context.Context, territoire string, id uuid.UUID) (atelier.Atelier, []atelier.Marker, error) {
	var a atelier.Atelier
	var ms []atelier.Marker
	// Two statements see one state only in a repeatable-read transaction.
	err := pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		all, err := s.ateliers(ctx, tx, territoire, "", &id)
		if err != nil {
			return err
		}
		if len(all) != 1 {
			return noAtelier(errNoRow)
		}
		a = all[0]
		ms, err = roomMarkers(ctx, tx, territoire, id)
		return err
	})
	return a, ms, translate(err)
}

// Entry is one line of the log, as it was written.
type Entry struct {
	Seq    int64
	ID     uuid.UUID
	Kind   atelier.Kind
	Marker uuid.UUID // uuid.Nil for the room's own
	Author uuid.UUID // uuid.Nil for the animateur
	Numero int       // table; 0 for the animateur
	Body   json.RawMessage
	At     time.Time
}

// Operations reads the log after a number, at most limit entries.
func (s *Store) Operations(ctx context.Context, territoire string, id uuid.UUID, after int64, limit int) ([]Entry, error) {
	return many[Entry](ctx, s.pool, "operations", pgx.StrictNamedArgs{
		"territoire": territoire, "atelier": id, "after": after, "limit": limit})
}

// Late counts what arrived after the freeze, by table.
func (s *Store) Late(ctx context.Context, territoire string, id uuid.UUID) ([]LateCount, error) {
	return many[LateCount](ctx, s.pool, "late_operations", pgx.StrictNamedArgs{"territoire": territoire, "atelier": id})
}

// LateCount says how many operations of a table came too late.
type LateCount struct {
	Numero       int
	Operations   int
	Participants int
}

// Connected is a device at a table (0: staff). Device is drawn at random by the
// browser for one atelier, and serves to count it once.
type Connected struct {
	Table  int
	Device uuid.UUID
}

// BeatPresence says which devices this node serves.
func (s *Store) BeatPresence(ctx context.Context, territoire string, id, node uuid.UUID, connected []Connected) error {
	numeros, devices := make([]int16, len(connected)), make([]uuid.UUID, len(connected))
	for i, c := range connected {
		numeros[i], devices[i] = int16(c.Table), c.Device
	}
	_, err := s.pool.Exec(ctx, statement("presence_beat"), pgx.StrictNamedArgs{
		"territoire": territoire, "atelier": id, "node": node, "numeros": numeros, "devices": devices})
	return translate(err)
}

// Presence counts the devices of all nodes by table (0: staff), each once.
func (s *Store) Presence(ctx context.Context, territoire string, id uuid.UUID) (map[int]int, error) {
	type row struct{ Numero, Devices int }
	rows, err := many[row](ctx, s.pool, "presence", pgx.StrictNamedArgs{"territoire": territoire, "atelier": id})
	out := make(map[int]int, len(rows))
	for _, r := range rows {
		out[r.Numero] = r.Devices
	}
	return out, err
}

func emptyNotNil[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

func nullUUID(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}

func nullInt(n int) *int {
	if n == 0 {
		return nil
	}
	return &n
}

// LastNumbers gives the last number of each room's log; rooms are named by
// atelier and territoire.
func (s *Store) LastNumbers(ctx context.Context, rooms map[uuid.UUID]string) (map[uuid.UUID]int64, error) {
	ids, territoires := make([]uuid.UUID, 0, len(rooms)), make([]string, 0, len(rooms))
	for id, territoire := range rooms {
		ids, territoires = append(ids, id), append(territoires, territoire)
	}
	type row struct {
		ID  uuid.UUID
		Seq int64
	}
	rows, err := many[row](ctx, s.pool, "last_numbers", pgx.StrictNamedArgs{"ids": ids, "territoires": territoires})
	out := make(map[uuid.UUID]int64, len(rows))
	for _, r := range rows {
		out[r.ID] = r.Seq
	}
	return out, err
}
