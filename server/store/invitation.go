package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"quietude/server/atelier"
	"quietude/server/fault"
)

// Link makes a link, by the digest of its secret, in place of older ones for
// the same account; uuid.Nil is the first administrator's.
func (s *Store) Link(ctx context.Context, i atelier.Invitation, digest []byte, by uuid.UUID) error {
	return translate(pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error { return invite(ctx, tx, i, digest, by) }))
}

func invite(ctx context.Context, tx pgx.Tx, i atelier.Invitation, digest []byte, by uuid.UUID) error {
	if _, err := tx.Exec(ctx, statement("invitation_end"), pgx.StrictNamedArgs{"territoire": i.Territoire, "compte": nullUUID(i.Compte)}); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, statement("insert_invitation"), pgx.StrictNamedArgs{"territoire": i.Territoire, "digest": digest, "kind": i.Kind,
		"compte": nullUUID(i.Compte), "created_by": nullUUID(by), "expires_at": i.ExpiresAt})
	return err
}

// AddInvited makes an account without a password, and the link that sets one.
func (s *Store) AddInvited(ctx context.Context, c atelier.Compte, digest []byte, until time.Time, by uuid.UUID) (made atelier.Compte, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if made, err = addCompte(ctx, tx, c); err != nil {
			return err
		}
		return invite(ctx, tx, atelier.Invitation{Territoire: c.Territoire, Kind: atelier.NewCompte, Compte: made.ID, ExpiresAt: until}, digest, by)
	})
	return made, translate(err)
}

// Invitation finds a link that still works.
func (s *Store) Invitation(ctx context.Context, digest []byte) (atelier.Invitation, error) {
	return one[atelier.Invitation](ctx, s.pool, "invitation", pgx.StrictNamedArgs{"digest": digest})
}

// UseInvitation uses a link up and sets the password of its account, whose
// sessions end; for the first administrator it makes c, unless there is one by now.
func (s *Store) UseInvitation(ctx context.Context, i atelier.Invitation, digest []byte, c atelier.Compte) (made atelier.Compte, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, statement("invitation_use"), pgx.StrictNamedArgs{"digest": digest})
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return errNoRow
		}
		if i.Kind == atelier.FirstAdmin {
			c.Territoire, c.Role = i.Territoire, "admin"
			if err := holdAdministration(ctx, tx, c.Territoire); err != nil {
				return err
			}
			others, err := administrators(ctx, tx, c)
			if err != nil {
				return err
			}
			if others > 0 {
				return errNoRow
			}
			made, err = addCompte(ctx, tx, c)
			return err
		}
		if _, err := tx.Exec(ctx, statement("compte_password"),
			pgx.StrictNamedArgs{"territoire": i.Territoire, "id": i.Compte, "password": c.Password}); err != nil {
			return err
		}
		if made, err = one[atelier.Compte](ctx, tx, "compte", pgx.StrictNamedArgs{"territoire": i.Territoire, "id": i.Compte}); err != nil {
			return err
		}
		if made.Disabled { // closed since the link was read
			return errNoRow
		}
		return endSessions(ctx, tx, made, "")
	})
	if fault.KindOf(err) == fault.NotFound {
		return made, err
	}
	return made, translate(err)
}
