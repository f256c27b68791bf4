package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"quietude/server/atelier"
	"quietude/server/fault"
)

// FindSession gives what the session manager kept, while the session lasts and
// its account is open.
func (s *Store) FindSession(ctx context.Context, digest string) (data []byte, found bool, err error) {
	type row struct{ Data []byte }
	r, err := one[row](ctx, s.pool, "session_find", pgx.StrictNamedArgs{"digest": digest})
	if fault.KindOf(err) == fault.NotFound {
		return nil, false, nil
	}
	return r.Data, err == nil, err
}

// SaveSession writes a session, or prolongs it.
func (s *Store) SaveSession(ctx context.Context, n atelier.NewSession) error {
	_, err := s.pool.Exec(ctx, statement("session_save"), pgx.StrictNamedArgs{"territoire": n.Territoire, "digest": n.Digest,
		"compte": n.Compte, "data": n.Data, "appareil": n.Appareil, "expires_at": n.ExpiresAt})
	return translate(err)
}

// DeleteSession ends a session; one that is not there is no error.
func (s *Store) DeleteSession(ctx context.Context, digest string) error {
	_, err := s.pool.Exec(ctx, statement("session_delete"), pgx.StrictNamedArgs{"digest": digest})
	return translate(err)
}

// EndSessions ends every session of an account but one; "" for all.
func (s *Store) EndSessions(ctx context.Context, c atelier.Compte, except string) error {
	return translate(endSessions(ctx, s.pool, c, except))
}

func endSessions(ctx context.Context, q querier, c atelier.Compte, except string) error {
	_, err := q.Exec(ctx, statement("session_delete_all"),
		pgx.StrictNamedArgs{"territoire": c.Territoire, "compte": c.ID, "except": except})
	return err
}

// Sessions lists where a person is signed in, last used first.
func (s *Store) Sessions(ctx context.Context, c atelier.Compte) ([]atelier.Session, error) {
	return many[atelier.Session](ctx, s.pool, "sessions", pgx.StrictNamedArgs{"territoire": c.Territoire, "compte": c.ID})
}

// EndOwnSession ends a session of an account.
func (s *Store) EndOwnSession(ctx context.Context, c atelier.Compte, digest string) error {
	tag, err := s.pool.Exec(ctx, statement("session_delete_own"),
		pgx.StrictNamedArgs{"territoire": c.Territoire, "compte": c.ID, "digest": digest})
	if err == nil && tag.RowsAffected() == 0 {
		return errNoRow
	}
	return translate(err)
}
