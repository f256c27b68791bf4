package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"quietude/server/atelier"
	"quietude/server/fault"
)

// Reachable is a reporter who agreed to be invited, as a list shows one.
type Reachable struct {
	ID         uuid.UUID
	Nom        string
	HasEmail   bool
	HasAddress bool
	AgreedAt   time.Time
	Invited    bool
}

// Invitation is an invitation with how to deliver it.
type Invitation struct {
	ID         uuid.UUID
	Code       string
	Channel    string // email, letter
	SentAt     *time.Time
	Answer     string // yes, no, or ""
	AnsweredAt *time.Time
	Nom        string
	Email      string
	Adresse    string
}

// AddReporter keeps how the reporter of a signalement can be reached.
func (s *Store) AddReporter(ctx context.Context, territoire string, signalement uuid.UUID, c atelier.Contact) error {
	_, err := s.pool.Exec(ctx, statement("contact_upsert_reporter"), pgx.StrictNamedArgs{"territoire": territoire,
		"id": uuid.New(), "signalement": signalement, "nom": c.Nom, "email": c.Email, "adresse": c.Adresse})
	return translate(err)
}

// ReportersCounted counts who of each quartier and a period agreed to be invited.
func (s *Store) ReportersCounted(ctx context.Context, territoire string, from, to time.Time) (map[string]int, error) {
	type row struct {
		Quartier string
		N        int
	}
	rows, err := many[row](ctx, s.pool, "contact_reporters_counted", pgx.StrictNamedArgs{"territoire": territoire, "from": from, "to": to})
	out := make(map[string]int, len(rows))
	for _, r := range rows {
		out[r.Quartier] = r.N
	}
	return out, err
}

// Reporters lists who of a quartier and period agreed to be invited; zero
// times don't narrow. Those invited to a are told apart.
func (s *Store) Reporters(ctx context.Context, a atelier.Atelier, from, to time.Time) ([]Reachable, error) {
	return many[Reachable](ctx, s.pool, "contact_reporters", pgx.StrictNamedArgs{"territoire": a.Territoire, "quartier": a.Quartier,
		"atelier": a.ID, "from": nullTime(from), "to": nullTime(to)})
}

// Invite writes invitations, all or nothing; who is invited already stays so.
func (s *Store) Invite(ctx context.Context, a atelier.Atelier, reporters []uuid.UUID) error {
	return translate(pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		room, err := lockRoom(ctx, tx, a.Territoire, a.ID)
		if err != nil {
			return err
		}
		if room.State == "closed" {
			return errClosed
		}
		for _, id := range reporters {
			if _, err := tx.Exec(ctx, statement("contact_insert_invitation"), pgx.StrictNamedArgs{"territoire": a.Territoire,
				"atelier": a.ID, "id": uuid.New(), "reporter": id, "code": atelier.NewInvitationCode()}); err != nil {
				return err
			}
		}
		return nil
	}))
}

// Invitations lists those of an atelier: answered ones first, in the order of
// their answers.
func (s *Store) Invitations(ctx context.Context, territoire string, id uuid.UUID) ([]Invitation, error) {
	return many[Invitation](ctx, s.pool, "contact_invitations", pgx.StrictNamedArgs{"territoire": territoire, "atelier": id})
}

// MarkSent keeps when an invitation left, the first time.
func (s *Store) MarkSent(ctx context.Context, territoire string, room, id uuid.UUID) error {
	_, err := s.pool.Exec(ctx, statement("contact_mark_sent"), pgx.StrictNamedArgs{"territoire": territoire, "atelier": room, "id": id})
	return translate(err)
}

// InvitedBy gives the atelier that a code invites to, and the answer given so far.
func (s *Store) InvitedBy(ctx context.Context, code string) (a atelier.Atelier, answer string, err error) {
	type row struct {
		Territoire string
		Atelier    uuid.UUID
		Answer     string
	}
	r, err := one[row](ctx, s.pool, "contact_invitation_by_code", pgx.StrictNamedArgs{"code": code})
	if err != nil {
		if fault.KindOf(err) == fault.NotFound {
			err = fault.New(fault.NotFound, "invitation_inconnue", "Ce lien d’invitation n’est plus valable.").At("code")
		}
		return a, "", err
	}
	a, err = s.Atelier(ctx, r.Atelier)
	return a, r.Answer, err
}

// Answer keeps what an invited person said; saying it again changes nothing.
func (s *Store) Answer(ctx context.Context, a atelier.Atelier, code, answer string) error {
	_, err := s.pool.Exec(ctx, statement("contact_answer"), pgx.StrictNamedArgs{"territoire": a.Territoire, "atelier": a.ID,
		"code": code, "answer": answer})
	return translate(err)
}

// PurgeContacts deletes how people can be reached who agreed before a time.
func (s *Store) PurgeContacts(ctx context.Context, territoire string, before time.Time) (deleted int, err error) {
	tag, err := s.pool.Exec(ctx, statement("contact_purge"), pgx.StrictNamedArgs{"territoire": territoire, "before": before})
	return int(tag.RowsAffected()), translate(err)
}

// Institution is how many of an institution come to an atelier.
type Institution struct {
	Institution string
	Expected    int
	Present     *int // nil before the evening
}

// Institutions lists who comes to an atelier, by institution.
func (s *Store) Institutions(ctx context.Context, territoire string, id uuid.UUID) ([]Institution, error) {
	return many[Institution](ctx, s.pool, "institutions", pgx.StrictNamedArgs{"territoire": territoire, "atelier": id})
}

// PutInstitutions stores the figures of some institutions, all or nothing.
func (s *Store) PutInstitutions(ctx context.Context, territoire string, id uuid.UUID, list []Institution) error {
	return translate(pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		for _, i := range list {
			if _, err := tx.Exec(ctx, statement("upsert_institution"), pgx.StrictNamedArgs{"territoire": territoire, "atelier": id,
				"institution": i.Institution, "expected": i.Expected, "present": i.Present}); err != nil {
				return err
			}
		}
		return nil
	}))
}

// Held counts the meetings that were held.
type Held struct{ Ateliers, Reunions int }

// MeetingsHeld counts the ateliers and réunions spécifiques that are closed, of
// a quartier unless "".
func (s *Store) MeetingsHeld(ctx context.Context, territoire, quartier string) (Held, error) {
	return one[Held](ctx, s.pool, "meetings_held", pgx.StrictNamedArgs{"territoire": territoire, "quartier": nullable(quartier)})
}
