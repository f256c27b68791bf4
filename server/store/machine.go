package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"quietude/server/atelier"
)

// AddMachine stores a token, by its digest.
func (s *Store) AddMachine(ctx context.Context, j atelier.Jeton, digest []byte, until time.Time, by uuid.UUID) (uuid.UUID, error) {
	type row struct{ ID uuid.UUID }
	r, err := one[row](ctx, s.pool, "insert_staff_token", pgx.StrictNamedArgs{"territoire": j.Territoire, "digest": digest, "role": j.Role,
		"label": j.Label, "demo": false, "scopes": j.Scopes, "created_by": nullUUID(by), "expires_at": until,
		"organisation": nullUUID(j.Organisation)})
	return r.ID, err
}

// Machines lists the tokens of a territoire that still work or have expired.
func (s *Store) Machines(ctx context.Context, territoire string) ([]atelier.Machine, error) {
	return many[atelier.Machine](ctx, s.pool, "jetons", pgx.StrictNamedArgs{"territoire": territoire})
}

// RevokeMachine ends a token and gives its label.
func (s *Store) RevokeMachine(ctx context.Context, territoire string, id uuid.UUID) (label string, err error) {
	type row struct{ Label string }
	r, err := one[row](ctx, s.pool, "jeton_revoke", pgx.StrictNamedArgs{"territoire": territoire, "id": id})
	return r.Label, err
}

// NoteTokenUse remembers, to the hour, that a token is used.
func (s *Store) NoteTokenUse(ctx context.Context, digest []byte) error {
	_, err := s.pool.Exec(ctx, statement("jeton_used"), pgx.StrictNamedArgs{"digest": digest})
	return translate(err)
}
