// Package invite sends the invitations of an atelier by e-mail. Who is invited
// is decided elsewhere; the job holds identifiers only, and may be done again:
// what has left is not sent twice.
package invite

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"quietude/server/atelier"
	"quietude/server/fault"
	"quietude/server/hexmap"
	"quietude/server/jobs"
	"quietude/server/mail"
	"quietude/server/report"
	"quietude/server/store"
)

// Store is what sending needs of the store.
type Store interface {
	Atelier(ctx context.Context, id uuid.UUID) (atelier.Atelier, error)
	Invitations(ctx context.Context, territoire string, id uuid.UUID) ([]store.Invitation, error)
	MarkSent(ctx context.Context, territoire string, room, id uuid.UUID) error
}

// Postman delivers one message.
type Postman interface {
	Send(ctx context.Context, m mail.Message) error
}

// Inviter sends invitations. It is safe for concurrent use.
type Inviter struct {
	Store   Store
	Places  *hexmap.Places
	Postman Postman
	BaseURL string // without a final slash
	Logger  *slog.Logger
	Now     func() time.Time
}

// Job asks for the invitations of one atelier to leave.
type Job struct {
	Territoire string    `json:"territoire"`
	Atelier    uuid.UUID `json:"atelier"`
}

// Kind names the job for ever.
func (Job) Kind() string { return "invitations" }

// Register tells a node how to do the job.
func (i *Inviter) Register(work *jobs.Work) { jobs.Handle(work, i.Send) }

// Send delivers what has not left yet. An address that the server refuses is
// left to a letter; while the server is away, the job comes back, and writes to
// nobody once the evening is past.
func (i *Inviter) Send(ctx context.Context, job Job) error {
	room, err := i.Store.Atelier(ctx, job.Atelier)
	if err != nil || room.Over(i.Now()) {
		return err
	}
	city, err := i.Places.City(ctx, room.Territoire)
	if err != nil {
		return err
	}
	invitations, err := i.Store.Invitations(ctx, room.Territoire, room.ID)
	if err != nil {
		return err
	}
	refused := 0
	for _, invitation := range invitations {
		if invitation.Channel != "email" || invitation.SentAt != nil {
			continue
		}
		err := i.Postman.Send(ctx, message(room, city, invitation, i.BaseURL))
		if fault.KindOf(err) == fault.Unprocessable {
			refused++
			continue
		}
		if err != nil {
			return err
		}
		if err := i.Store.MarkSent(ctx, room.Territoire, room.ID, invitation.ID); err != nil {
			return err
		}
	}
	if refused > 0 {
		i.Logger.Warn("e-mails refused", "invitations", refused)
	}
	return nil
}

func message(room atelier.Atelier, city *hexmap.City, invitation store.Invitation, base string) mail.Message {
	quartier, _ := city.Area(room.Quartier)
	greeting := "Bonjour,"
	if room.Demo {
		greeting = "Données fictives : personne n’est invité.\n\n" + greeting
	}
	return mail.Message{
		To:      invitation.Email,
		Subject: fmt.Sprintf("Invitation : %s", room.Titre),
		Text: fmt.Sprintf("%s\n\n%s\n\nPour répondre, en un geste : %s\n\n%s\n", greeting,
			report.InvitationWords(room.Kind, quartier.Nom, when(room.StartsAt, city.Zone), room.Lieu),
			report.InvitationAddress(base, invitation.Code), report.InvitationWhy),
	}
}

func when(t time.Time, zone *time.Location) string { return report.FrenchDate(t.In(zone)) }
