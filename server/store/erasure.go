package store

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/paulmach/orb"

	"quietude/server/atelier"
	"quietude/server/fault"
)

// Contribution is what one participant gave to an atelier.
type Contribution struct {
	Numero     int
	Rang       int
	CreatedAt  time.Time
	Operations int // entries of the log that it wrote
	Late       int // sent after the freeze, and refused
	Devices    int // codes of second devices that still exist
	Markers    []atelier.Marker
	Remarks    []atelier.Remark
	Votes      []atelier.VoteOf
}

// Participant is a resident of a room as a pseudonym, with how much it gave.
type Participant struct {
	ID      uuid.UUID
	Numero  int // the table
	Rang    int
	Markers int // deleted ones included
	Remarks int
}

// Participants lists those of a room, by table and order of arrival.
func (s *Store) Participants(ctx context.Context, territoire string, id uuid.UUID) ([]Participant, error) {
	return many[Participant](ctx, s.pool, "participants", pgx.StrictNamedArgs{"territoire": territoire, "atelier": id})
}

// Contribution gives what a participant gave; NotFound when it has no seat any
// more.
func (s *Store) Contribution(ctx context.Context, a atelier.Atelier, participant uuid.UUID) (Contribution, error) {
	type row struct {
		Numero, Rang              int
		CreatedAt                 time.Time
		Operations, Late, Devices int
	}
	var c Contribution
	err := pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		args := pgx.StrictNamedArgs{"territoire": a.Territoire, "atelier": a.ID, "participant": participant}
		r, err := one[row](ctx, tx, "participant_contribution", args)
		if err != nil {
			return err
		}
		c = Contribution{Numero: r.Numero, Rang: r.Rang, CreatedAt: r.CreatedAt, Operations: r.Operations, Late: r.Late, Devices: r.Devices}
		ids, err := participantMarkers(ctx, tx, args)
		if err == nil && len(ids) > 0 {
			c.Markers, err = namedMarkers(ctx, tx, a.Territoire, a.ID, ids)
		}
		if err != nil {
			return err
		}
		said, err := roomSaid(ctx, tx, a.Territoire, a.ID)
		c.Remarks = slices.DeleteFunc(said.Remarks, func(r atelier.Remark) bool { return r.Author != participant })
		c.Votes = slices.DeleteFunc(said.Votes, func(v atelier.VoteOf) bool { return v.Participant != participant || v.Dots == 0 })
		return err
	})
	return c, translate(err)
}

func participantMarkers(ctx context.Context, q querier, args pgx.StrictNamedArgs) ([]uuid.UUID, error) {
	type row struct{ ID uuid.UUID }
	rows, err := many[row](ctx, q, "participant_markers", args)
	ids := make([]uuid.UUID, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	return ids, err
}

// EraseParticipant deletes all that a participant gave to an atelier, in one
// transaction: markers, footprints, remarks, votes, decisions about its texts, codes
// of second devices, the seat. The log keeps its numbers without gap: the entries that
// spoke of it are emptied, and a last entry, erase, tells the nodes that hold
// the room in memory. It is allowed after the freeze too. NotFound when the
// participant has no seat.
func (s *Store) EraseParticipant(ctx context.Context, territoire string, id, participant uuid.UUID, node, role string) (markers int, err error) {
	defer fault.Wrap(&err, "EraseParticipant(%s)", territoire)
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		room := pgx.StrictNamedArgs{"territoire": territoire, "id": id}
		row, err := one[lockedRow](ctx, tx, "lock_atelier", room)
		if err != nil {
			return noAtelier(err)
		}
		person := pgx.StrictNamedArgs{"territoire": territoire, "atelier": id, "participant": participant}
		ids, err := participantMarkers(ctx, tx, person)
		if err != nil {
			return err
		}
		markers = len(ids)
		said, err := remarks(ctx, tx, pgx.StrictNamedArgs{"territoire": territoire, "atelier": id})
		if err != nil {
			return err
		}
		read := slices.Clone(ids)
		for _, r := range said {
			if r.Author == participant {
				read = append(read, r.ID)
			}
		}
		var b pgx.Batch
		b.Queue(statement("erase_moderation"), pgx.StrictNamedArgs{"territoire": territoire, "ids": read})
		b.Queue(statement("erase_markers"), pgx.StrictNamedArgs{"territoire": territoire, "atelier": id, "ids": ids})
		b.Queue(statement("insert_effacement"), pgx.StrictNamedArgs{"territoire": territoire, "ids": ids})
		b.Queue(statement("erase_operations"), pgx.StrictNamedArgs{"territoire": territoire, "atelier": id, "participant": participant, "ids": ids})
		b.Queue(statement("erase_late"), person)
		var seats int64
		b.Queue(statement("erase_participant"), person).Exec(func(tag pgconn.CommandTag) error {
			seats = tag.RowsAffected()
			return nil
		})
		b.Queue(statement("insert_operation"), pgx.StrictNamedArgs{
			"territoire": territoire, "atelier": id, "seq": row.Seq + 1, "id": uuid.New(), "kind": string(atelier.Erase),
			"marker": nil, "participant": nil, "numero": nil, "role": role, "body": "{}", "digest": []byte{}, "at": row.Now, "offset_s": nil})
		b.Queue(statement("advance_room"), pgx.StrictNamedArgs{"territoire": territoire, "id": id, "seq": row.Seq + 1})
		b.Queue(statement("notify"), notification(roomsChannel, node, id.String()))
		if err := tx.SendBatch(ctx, &b).Close(); err != nil {
			return err
		}
		if seats == 0 {
			return errNoSeat
		}
		return nil
	})
	return markers, translate(err)
}

var errNoSeat = fault.New(fault.NotFound, "contribution_inconnue", "Cette contribution n’existe pas, ou a déjà été effacée.")

// OwnSignalement is a signalement as the person who reported it may read it.
type OwnSignalement struct {
	ID           uuid.UUID
	Quartier     *string
	Geom         orb.Point
	Theme        atelier.Theme
	Subtheme     string
	Nature       string
	OccurredFrom time.Time
	OccurredTo   time.Time
	Frequency    string
	Since        string
	Place        string
	Severity     int
	Avoids       *bool
	Approached   []string
	Note         string
	Hidden       bool
	Coarse       bool // the position is only that of its cell
	ReceivedAt   time.Time
}

// SignalementByReceipt gives the signalement whose receipt has a digest.
func (s *Store) SignalementByReceipt(ctx context.Context, territoire string, receipt []byte) (OwnSignalement, error) {
	return one[OwnSignalement](ctx, s.pool, "signalement_receipt", pgx.StrictNamedArgs{"territoire": territoire, "receipt": receipt})
}

// EraseSignalement deletes a signalement and what was decided about it, by the
// digest of its receipt.
func (s *Store) EraseSignalement(ctx context.Context, territoire string, receipt []byte) error {
	type row struct{ ID uuid.UUID }
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		r, err := one[row](ctx, tx, "erase_signalement", pgx.StrictNamedArgs{"territoire": territoire, "receipt": receipt})
		if err != nil {
			return err
		}
		args := pgx.StrictNamedArgs{"territoire": territoire, "ids": []uuid.UUID{r.ID}}
		if _, err := tx.Exec(ctx, statement("erase_moderation"), args); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, statement("insert_effacement"), args); err != nil {
			return err
		}
		return recountSlides(ctx, tx, territoire)
	})
	return translate(err)
}
