package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"quietude/server/atelier"
)

// Consultation is one reading of what the access log is for: texts of
// residents, exact places.
type Consultation struct {
	Territoire string
	Compte     uuid.UUID // uuid.Nil for a machine's token
	Nom        string    // of the person, or the label of the token
	Role       string
	Objet      string // what was read: textes
	Finalite   string // why
	Elements   int    // how many
	// Details are the filters asked for; never a position or a text.
	Details map[string]string
}

// AddConsultation writes a line of the access log.
func (s *Store) AddConsultation(ctx context.Context, c Consultation) error {
	if c.Details == nil {
		c.Details = map[string]string{}
	}
	_, err := s.pool.Exec(ctx, statement("insert_consultation"), pgx.StrictNamedArgs{
		"territoire": c.Territoire, "compte": nullUUID(c.Compte), "nom": c.Nom, "role": c.Role, "objet": c.Objet,
		"finalite": c.Finalite, "elements": c.Elements, "details": c.Details})
	return translate(err)
}

// AddRoomConsultation writes a line about the markers of an atelier, unless the same
// reader left one within half an hour.
func (s *Store) AddRoomConsultation(ctx context.Context, c Consultation, room uuid.UUID) error {
	_, err := s.pool.Exec(ctx, statement("insert_consultation_atelier"), pgx.StrictNamedArgs{
		"territoire": c.Territoire, "compte": nullUUID(c.Compte), "nom": c.Nom, "role": c.Role, "objet": c.Objet,
		"finalite": c.Finalite, "elements": c.Elements, "atelier": room})
	return translate(err)
}

// Consultations reads the access log back, newest first; "" is any role or
// purpose.
func (s *Store) Consultations(ctx context.Context, territoire, role, finalite string, from, to time.Time, limit int) ([]atelier.Consultation, error) {
	return many[atelier.Consultation](ctx, s.pool, "consultations", pgx.StrictNamedArgs{"territoire": territoire, "role": role,
		"finalite": finalite, "from": from, "to": to, "limit": limit})
}
