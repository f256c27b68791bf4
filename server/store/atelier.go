package store

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"quietude/server/atelier"
	"quietude/server/fault"
)

type atelierRow struct {
	Territoire     string
	ID             uuid.UUID
	Quartier       string
	Kind           string
	Titre          string
	Lieu           string
	StartsAt       time.Time
	ClosesAt       time.Time
	State          string
	Step           int
	StepAt         *time.Time
	StepMinutes    int
	Shared         bool
	Seq            int64
	ParticipantKey []byte
	FrozenAt       *time.Time
	FrozenHash     string
	Demo           bool
	Plan           []int
	Participants   int
	Markers        int
}

type tableRow struct {
	Atelier      uuid.UUID
	Numero       int
	Code         string
	IsOpen       bool
	Participants int
}

func (r atelierRow) domain(tables []tableRow) atelier.Atelier {
	a := atelier.Atelier{
		Territoire: r.Territoire, ID: r.ID, Quartier: r.Quartier, Kind: r.Kind, Titre: r.Titre, Lieu: r.Lieu,
		StartsAt: r.StartsAt, ClosesAt: r.ClosesAt, FrozenAt: r.FrozenAt, Seq: r.Seq, Demo: r.Demo,
		Participants: r.Participants, Markers: r.Markers, ParticipantKey: r.ParticipantKey, Plan: r.Plan,
		Room: atelier.Room{State: r.State, Step: r.Step, StepAt: r.StepAt, StepMinutes: r.StepMinutes,
			Shared: r.Shared, FrozenHash: r.FrozenHash},
	}
	for _, t := range tables {
		if t.Atelier == r.ID {
			a.Seats = append(a.Seats, atelier.Table{Numero: t.Numero, Open: t.IsOpen, Code: t.Code, Participants: t.Participants})
			a.Tables = append(a.Tables, atelier.TableState{Numero: t.Numero, Open: t.IsOpen})
		}
	}
	return a
}

// Ateliers lists the ateliers of a territoire with their tables, newest first;
// quartier narrows it unless "".
func (s *Store) Ateliers(ctx context.Context, territoire, quartier string) ([]atelier.Atelier, error) {
	return s.ateliers(ctx, s.pool, territoire, quartier, nil)
}

// Atelier gives one atelier by its identifier alone.
func (s *Store) Atelier(ctx context.Context, id uuid.UUID) (atelier.Atelier, error) {
	territoire, err := territoireOf(ctx, s.pool, id)
	if err != nil {
		return atelier.Atelier{}, noAtelier(err)
	}
	all, err := s.ateliers(ctx, s.pool, territoire, "", &id)
	if err != nil {
		return atelier.Atelier{}, err
	}
	if len(all) != 1 {
		return atelier.Atelier{}, noAtelier(errNoRow)
	}
	return all[0], nil
}

// AtelierTerritoire gives the territoire of an atelier: all that the address of
// a room lacks, at the price of one look into an index.
func (s *Store) AtelierTerritoire(ctx context.Context, id uuid.UUID) (string, error) {
	territoire, err := territoireOf(ctx, s.pool, id)
	return territoire, noAtelier(err)
}

func territoireOf(ctx context.Context, q querier, id uuid.UUID) (string, error) {
	type row struct{ Territoire string }
	r, err := one[row](ctx, q, "atelier_territoire", pgx.StrictNamedArgs{"id": id})
	return r.Territoire, err
}

var errAtelierTaken = fault.New(fault.Conflict, "atelier_different", "Cet identifiant a déjà servi pour un autre atelier.").At("id")

func noAtelier(err error) error {
	if fault.KindOf(err) == fault.NotFound {
		return fault.New(fault.NotFound, "atelier_inconnu", "Cet atelier n’existe pas.").Because(err)
	}
	return err
}

func (s *Store) ateliers(ctx context.Context, q querier, territoire, quartier string, id *uuid.UUID) ([]atelier.Atelier, error) {
	rows, err := many[atelierRow](ctx, q, "ateliers", pgx.StrictNamedArgs{
		"territoire": territoire, "quartier": nullable(quartier), "id": id})
	if err != nil {
		return nil, err
	}
	ids := make([]uuid.UUID, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	tables, err := many[tableRow](ctx, q, "tables", pgx.StrictNamedArgs{"territoire": territoire, "ateliers": ids})
	if err != nil {
		return nil, err
	}
	out := make([]atelier.Atelier, len(rows))
	for i, r := range rows {
		out[i] = r.domain(tables)
	}
	return out, nil
}

// AddAtelier stores a prepared atelier with that many tables, whose codes are
// drawn here. The same id again gives what is stored, with created false; one
// that another territoire has is a Conflict.
func (s *Store) AddAtelier(ctx context.Context, a atelier.Atelier, tables int) (stored atelier.Atelier, created bool, err error) {
	// A code may already be in use: a new draw settles it.
	for range 5 {
		created, err = s.addAtelier(ctx, a, tables)
		if !isUnique(err, "atelier_table_territoire_code_key") {
			break
		}
	}
	if err != nil {
		if isForeignKeyOf(err, "atelier_territoire_quartier_fkey") {
			return atelier.Atelier{}, false, fault.New(fault.Unprocessable, "quartier_inconnu", "Ce quartier n’existe pas.").At("quartier").Because(err)
		}
		return atelier.Atelier{}, false, translate(err)
	}
	all, err := s.ateliers(ctx, s.pool, a.Territoire, "", &a.ID)
	if err != nil {
		return atelier.Atelier{}, false, err
	}
	if len(all) != 1 {
		return atelier.Atelier{}, false, errNoRow
	}
	return all[0], created, nil
}

func (s *Store) addAtelier(ctx context.Context, a atelier.Atelier, tables int) (created bool, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		// A room's address names the atelier alone.
		known, err := territoireOf(ctx, tx, a.ID)
		if err == nil && known != a.Territoire {
			return errAtelierTaken
		}
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return err
		}
		tag, err := tx.Exec(ctx, statement("insert_atelier"), pgx.StrictNamedArgs{
			"territoire": a.Territoire, "id": a.ID, "quartier": a.Quartier, "kind": a.Kind, "titre": a.Titre,
			"lieu": a.Lieu, "starts_at": a.StartsAt, "closes_at": a.ClosesAt, "demo": a.Demo, "plan": a.Plan})
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		created = true
		for n := 1; n <= tables; n++ {
			if _, err := tx.Exec(ctx, statement("insert_table"), pgx.StrictNamedArgs{
				"territoire": a.Territoire, "atelier": a.ID, "numero": n, "code": atelier.NewCode()}); err != nil {
				return err
			}
		}
		return nil
	})
	return created && err == nil, err
}

// TableByCode gives the atelier and the number of the table that has a code.
func (s *Store) TableByCode(ctx context.Context, code string) (atelier.Atelier, int, error) {
	type row struct {
		Territoire string
		Atelier    uuid.UUID
		Numero     int
	}
	r, err := one[row](ctx, s.pool, "table_by_code", pgx.StrictNamedArgs{"code": code})
	if err != nil {
		if fault.KindOf(err) == fault.NotFound {
			err = fault.New(fault.NotFound, "code_inconnu", "Ce code n’ouvre aucune table. Vérifiez-le sur la carte posée sur votre table.").At("code")
		}
		return atelier.Atelier{}, 0, err
	}
	all, err := s.ateliers(ctx, s.pool, r.Territoire, "", &r.Atelier)
	if err != nil {
		return atelier.Atelier{}, 0, err
	}
	if len(all) != 1 {
		return atelier.Atelier{}, 0, errNoRow
	}
	return all[0], r.Numero, nil
}

// AddParticipant seats a participant, or finds the seat it already has; a table
// with atelier.MaxPerTable seats is a Conflict.
func (s *Store) AddParticipant(ctx context.Context, a atelier.Atelier, table int, id uuid.UUID) (atelier.Participant, error) {
	type row struct{ Rang int }
	var r row
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) (err error) {
		if _, err := tx.Exec(ctx, statement("lock_table"), pgx.StrictNamedArgs{
			"territoire": a.Territoire, "atelier": a.ID, "numero": table}); err != nil {
			return err
		}
		r, err = one[row](ctx, tx, "insert_participant", pgx.StrictNamedArgs{
			"territoire": a.Territoire, "atelier": a.ID, "numero": table, "id": id})
		if err == nil && r.Rang > atelier.MaxPerTable {
			return fault.New(fault.Conflict, "table_pleine", "Cette table est complète. Demandez à l’animateur de vous en indiquer une autre.")
		}
		return err
	})
	return atelier.Participant{ID: id, Table: table, Rang: r.Rang}, translate(err)
}

type participantRow struct {
	ID     uuid.UUID
	Numero int
	Rang   int
}

func (r participantRow) domain() atelier.Participant {
	return atelier.Participant{ID: r.ID, Table: r.Numero, Rang: r.Rang}
}

// Participant gives a participant of an atelier.
func (s *Store) Participant(ctx context.Context, a atelier.Atelier, id uuid.UUID) (atelier.Participant, error) {
	r, err := one[participantRow](ctx, s.pool, "participant", pgx.StrictNamedArgs{
		"territoire": a.Territoire, "atelier": a.ID, "id": id})
	return r.domain(), err
}

// AddLink stores a code by which a second device continues as participant.
func (s *Store) AddLink(ctx context.Context, a atelier.Atelier, participant uuid.UUID, code string) (time.Time, error) {
	type row struct{ ExpiresAt time.Time }
	r, err := one[row](ctx, s.pool, "insert_participant_link", pgx.StrictNamedArgs{
		"territoire": a.Territoire, "atelier": a.ID, "participant": participant, "code": code})
	return r.ExpiresAt, err
}

// LinkedParticipant gives the participant as whom a device continues since it
// used a link code, by the pseudonym the device would have had; NotFound when
// it never did.
func (s *Store) LinkedParticipant(ctx context.Context, a atelier.Atelier, device uuid.UUID) (atelier.Participant, error) {
	r, err := one[participantRow](ctx, s.pool, "linked_participant", pgx.StrictNamedArgs{
		"territoire": a.Territoire, "atelier": a.ID, "device": device})
	return r.domain(), err
}

// UseLink gives the participant a link code stands for. The code is spent on
// this device, which may ask again.
func (s *Store) UseLink(ctx context.Context, a atelier.Atelier, code string, device uuid.UUID) (atelier.Participant, error) {
	r, err := one[participantRow](ctx, s.pool, "use_participant_link", pgx.StrictNamedArgs{
		"territoire": a.Territoire, "atelier": a.ID, "code": code, "device": device})
	if fault.KindOf(err) == fault.NotFound {
		err = fault.New(fault.NotFound, "lien_inconnu", "Ce code de second appareil n’est plus valable. Demandez-en un nouveau sur le premier.").At("link")
	}
	return r.domain(), err
}

func nullable(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func isUnique(err error, constraint string) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "23505" && pg.ConstraintName == constraint
}

func isForeignKeyOf(err error, constraint string) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "23503" && pg.ConstraintName == constraint
}

// PlanAtelier sets the minutes of the steps 1 to 7; a closed atelier has none to
// plan. It is preparation, not an event of the evening: the last one to write is
// right, and the log does not know.
func (s *Store) PlanAtelier(ctx context.Context, territoire string, id uuid.UUID, minutes []int) error {
	tag, err := s.pool.Exec(ctx, statement("plan_atelier"), pgx.StrictNamedArgs{"territoire": territoire, "id": id, "minutes": minutes})
	if err == nil && tag.RowsAffected() == 0 {
		return fault.New(fault.Conflict, "atelier_clos", "L’atelier est clos : plus rien ne peut y être changé.")
	}
	return translate(err)
}
