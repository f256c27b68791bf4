package store

import (
	"context"
	"time"

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

// errCompteChanged: what a person has shown no longer opens the account.
var errCompteChanged = fault.New(fault.Unauthorized, "compte_modifie", "Votre compte vient d’être modifié. Connectez-vous de nouveau.")

// OpenSession begins the session of an account, as its person has shown who they
// are: it is Unauthorized when the account has changed since c was read. With an
// event, it is a sign-in and written down as one.
func (s *Store) OpenSession(ctx context.Context, n atelier.NewSession, c atelier.Compte, event atelier.Connexion) error {
	return translate(pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, statement("session_open"), pgx.StrictNamedArgs{"territoire": c.Territoire, "compte": c.ID,
			"role": c.Role, "password": c.Password, "second_factor": c.SecondFactor,
			"digest": n.Digest, "data": n.Data, "appareil": n.Appareil, "expires_at": n.ExpiresAt})
		if err == nil && tag.RowsAffected() == 0 {
			err = errCompteChanged
		}
		if err != nil || event.Evenement == "" {
			return err
		}
		return addConnexion(ctx, tx, event, 0)
	}))
}

// ProlongSession writes what the session manager keeps anew; found is false when the
// session has ended, and then it stays so.
func (s *Store) ProlongSession(ctx context.Context, digest string, data []byte, until time.Time) (found bool, err error) {
	tag, err := s.pool.Exec(ctx, statement("session_prolong"), pgx.StrictNamedArgs{"digest": digest, "data": data, "expires_at": until})
	return tag.RowsAffected() > 0, translate(err)
}

// DeleteSession ends a session; one that is not there is no error.
func (s *Store) DeleteSession(ctx context.Context, digest string) error {
	_, err := s.pool.Exec(ctx, statement("session_delete"), pgx.StrictNamedArgs{"digest": digest})
	return translate(err)
}

// EndSessions ends every session of an account but one; "" for all.
func (s *Store) EndSessions(ctx context.Context, c atelier.Compte, except string, by atelier.Connexion) error {
	return s.outside(ctx, c, except, &by, func(pgx.Tx) error { return nil })
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
func (s *Store) EndOwnSession(ctx context.Context, c atelier.Compte, digest string, by atelier.Connexion) error {
	return translate(pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, statement("session_delete_own"), pgx.StrictNamedArgs{"territoire": c.Territoire, "compte": c.ID, "digest": digest})
		if err == nil && tag.RowsAffected() == 0 {
			err = errNoRow
		}
		if err != nil {
			return err
		}
		return addConnexion(ctx, tx, by, 0)
	}))
}
