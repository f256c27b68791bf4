package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"quietude/server/atelier"
)

// AddAttempt remembers a sign-in that leaves for the identity provider, by the
// digest of the browser's cookie.
func (s *Store) AddAttempt(ctx context.Context, digest []byte, a atelier.Attempt) error {
	_, err := s.pool.Exec(ctx, statement("insert_oidc_attempt"), pgx.StrictNamedArgs{"digest": digest, "state": a.State,
		"nonce": a.Nonce, "verifier": a.Verifier, "back": a.Back})
	return translate(err)
}

// TakeAttempt gives such a sign-in once; NotFound when it is over or was never.
func (s *Store) TakeAttempt(ctx context.Context, digest []byte) (atelier.Attempt, error) {
	return one[atelier.Attempt](ctx, s.pool, "take_oidc_attempt", pgx.StrictNamedArgs{"digest": digest})
}

// CompteBySubject finds the account that is bound to a person at an identity
// provider.
func (s *Store) CompteBySubject(ctx context.Context, issuer, subject string) (atelier.Compte, error) {
	return one[atelier.Compte](ctx, s.pool, "compte_by_subject", pgx.StrictNamedArgs{"issuer": issuer, "subject": subject})
}

// BindCompte binds an account to a person at an identity provider, for good; ok
// is false when it is closed, or bound already.
func (s *Store) BindCompte(ctx context.Context, c atelier.Compte, issuer, subject string) (ok bool, err error) {
	tag, err := s.pool.Exec(ctx, statement("compte_bind"), pgx.StrictNamedArgs{"territoire": c.Territoire, "id": c.ID,
		"issuer": issuer, "subject": subject})
	return tag.RowsAffected() > 0, translate(err)
}
