package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"quietude/server/atelier"
	"quietude/server/fault"
)

// SecondFactor gives the state of an account's second factor.
func (s *Store) SecondFactor(ctx context.Context, c atelier.Compte) (atelier.SecondFactor, error) {
	return one[atelier.SecondFactor](ctx, s.pool, "compte_totp", pgx.StrictNamedArgs{"territoire": c.Territoire, "id": c.ID})
}

// BeginSecondFactor stores a sealed secret that a first code will confirm; ok is
// false when there is a confirmed one already.
func (s *Store) BeginSecondFactor(ctx context.Context, c atelier.Compte, secret []byte) (ok bool, err error) {
	tag, err := s.pool.Exec(ctx, statement("compte_totp_begin"), pgx.StrictNamedArgs{"territoire": c.Territoire, "id": c.ID, "secret": secret})
	return tag.RowsAffected() > 0, translate(err)
}

// ConfirmSecondFactor makes the secret that BeginSecondFactor stored the second
// factor of an account, with its recovery codes by digest, and uses the step up whose
// code confirmed it; ok is false when it is another secret by now, or confirmed. The
// account's sessions end: they have shown a password alone.
func (s *Store) ConfirmSecondFactor(ctx context.Context, c atelier.Compte, secret []byte, step int64, recovery [][]byte, by atelier.Connexion) (ok bool, err error) {
	err = s.outside(ctx, c, "", &by, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, statement("compte_totp_confirm"), pgx.StrictNamedArgs{"territoire": c.Territoire, "id": c.ID, "secret": secret, "step": step})
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return errNoRow
		}
		return replaceRecovery(ctx, tx, c, recovery)
	})
	if fault.KindOf(err) == fault.NotFound {
		return false, nil
	}
	return err == nil, err
}

// UseStep uses a step of the confirmed second factor up; ok is false when that step
// or a later one was used before.
func (s *Store) UseStep(ctx context.Context, c atelier.Compte, step int64) (ok bool, err error) {
	tag, err := s.pool.Exec(ctx, statement("compte_totp_use"), pgx.StrictNamedArgs{"territoire": c.Territoire, "id": c.ID, "step": step})
	return tag.RowsAffected() > 0, translate(err)
}

// ReplaceRecovery makes these the recovery codes of an account, by digest.
func (s *Store) ReplaceRecovery(ctx context.Context, c atelier.Compte, digests [][]byte) error {
	return translate(pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error { return replaceRecovery(ctx, tx, c, digests) }))
}

func replaceRecovery(ctx context.Context, tx pgx.Tx, c atelier.Compte, digests [][]byte) error {
	if _, err := tx.Exec(ctx, statement("delete_secours"), pgx.StrictNamedArgs{"territoire": c.Territoire, "compte": c.ID}); err != nil {
		return err
	}
	for _, d := range digests {
		if _, err := tx.Exec(ctx, statement("insert_secours"), pgx.StrictNamedArgs{"territoire": c.Territoire, "compte": c.ID, "digest": d}); err != nil {
			return err
		}
	}
	return nil
}

// UseRecovery uses a recovery code up; ok is false when it is none, or used.
func (s *Store) UseRecovery(ctx context.Context, c atelier.Compte, digest []byte) (ok bool, err error) {
	tag, err := s.pool.Exec(ctx, statement("use_secours"), pgx.StrictNamedArgs{"territoire": c.Territoire, "compte": c.ID, "digest": digest})
	return tag.RowsAffected() > 0, translate(err)
}

// EndSecondFactor takes the second factor and its recovery codes away, and ends the
// account's sessions but one; "" for all.
func (s *Store) EndSecondFactor(ctx context.Context, c atelier.Compte, except string, by atelier.Connexion) error {
	return s.outside(ctx, c, except, &by, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, statement("compte_totp_end"), pgx.StrictNamedArgs{"territoire": c.Territoire, "id": c.ID}); err != nil {
			return err
		}
		return replaceRecovery(ctx, tx, c, nil)
	})
}
