package store

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"quietude/server/atelier"
	"quietude/server/fault"
)

// CompteByEmail finds the account that signs in with an address.
func (s *Store) CompteByEmail(ctx context.Context, email string) (atelier.Compte, error) {
	return one[atelier.Compte](ctx, s.pool, "compte_by_email", pgx.StrictNamedArgs{"email": email})
}

// Compte gives an account of a territoire.
func (s *Store) Compte(ctx context.Context, territoire string, id uuid.UUID) (atelier.Compte, error) {
	return one[atelier.Compte](ctx, s.pool, "compte", pgx.StrictNamedArgs{"territoire": territoire, "id": id})
}

// Comptes lists the accounts of a territoire, or of all with "".
func (s *Store) Comptes(ctx context.Context, territoire string) ([]atelier.Compte, error) {
	return many[atelier.Compte](ctx, s.pool, "comptes", pgx.StrictNamedArgs{"territoire": territoire})
}

// AddCompte makes an account; an address that has one already is a conflict.
func (s *Store) AddCompte(ctx context.Context, c atelier.Compte) (made atelier.Compte, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		made, err = addCompte(ctx, tx, c)
		return err
	})
	return made, translate(err)
}

func addCompte(ctx context.Context, tx pgx.Tx, c atelier.Compte) (atelier.Compte, error) {
	if _, err := tx.Exec(ctx, statement("lock_email"), pgx.StrictNamedArgs{"email": c.Email}); err != nil {
		return c, err
	}
	made, err := one[atelier.Compte](ctx, tx, "insert_compte", pgx.StrictNamedArgs{"territoire": c.Territoire, "email": c.Email,
		"nom": c.Nom, "role": c.Role, "password": c.Password, "demo": c.Demo, "organisation": nullUUID(c.Organisation)})
	if fault.KindOf(err) == fault.NotFound {
		return c, fault.New(fault.Conflict, "email_pris", "Un compte existe déjà pour cette adresse.").At("email")
	}
	return made, unknownOrganisation(err)
}

// SetOrganisation says whom an account answers for; uuid.Nil for nobody.
func (s *Store) SetOrganisation(ctx context.Context, c atelier.Compte) error {
	_, err := s.pool.Exec(ctx, statement("compte_organisation"), pgx.StrictNamedArgs{"territoire": c.Territoire, "id": c.ID,
		"organisation": nullUUID(c.Organisation)})
	return translate(unknownOrganisation(err))
}

// unknownOrganisation says so of an account's link to what is not there.
func unknownOrganisation(err error) error {
	if isForeignKeyOf(err, "compte_organisation_fkey") {
		return fault.New(fault.Unprocessable, "organisation_inconnue", "Cette organisation n’existe pas dans votre commune.").At("organisation").Because(err)
	}
	return err
}

// outside changes an account, ends its sessions but one ("" for all) and writes it
// down as by says, all or nothing: whatever becomes of the program, nobody stays in
// by what was true before. change writes the account's row, so that a session which
// is being opened meanwhile is either refused or found and ended (session_open.sql).
func (s *Store) outside(ctx context.Context, c atelier.Compte, except string, by *atelier.Connexion, change func(pgx.Tx) error) error {
	return translate(pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if err := change(tx); err != nil {
			return err
		}
		if err := endSessions(ctx, tx, c, except); err != nil {
			return err
		}
		return addConnexion(ctx, tx, *by, 0)
	}))
}

// SetPassword replaces the password of an account, as argon2id text, and ends its
// sessions and the links that would set another one.
func (s *Store) SetPassword(ctx context.Context, c atelier.Compte, hash string, by atelier.Connexion) error {
	return s.outside(ctx, c, "", &by, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, statement("compte_password"), pgx.StrictNamedArgs{"territoire": c.Territoire, "id": c.ID, "password": hash}); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, statement("invitation_end"), pgx.StrictNamedArgs{"territoire": c.Territoire, "compte": c.ID})
		return err
	})
}

// DisableCompte closes an account and its sessions, or opens it again. The last
// administrator of a territoire stays.
func (s *Store) DisableCompte(ctx context.Context, c atelier.Compte, disabled bool, by atelier.Connexion) error {
	return s.outside(ctx, c, "", &by, func(tx pgx.Tx) error {
		now, err := holdCompte(ctx, tx, c)
		if err == nil && disabled {
			err = keepAdministrator(ctx, tx, now, "avant de le fermer")
		}
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, statement("compte_disable"), pgx.StrictNamedArgs{"territoire": c.Territoire, "id": c.ID, "disabled": disabled})
		return err
	})
}

// SetRole gives an account another role and ends its sessions; by learns which role
// it had. The last administrator of a territoire stays one.
func (s *Store) SetRole(ctx context.Context, c atelier.Compte, role string, by atelier.Connexion) error {
	return s.outside(ctx, c, "", &by, func(tx pgx.Tx) error {
		now, err := holdCompte(ctx, tx, c)
		if err == nil && role != now.Role {
			err = keepAdministrator(ctx, tx, now, "avant de lui donner un autre rôle")
		}
		if err != nil {
			return err
		}
		by.Role, by.Details = now.Role, map[string]string{"avant": now.Role, "apres": role}
		_, err = tx.Exec(ctx, statement("compte_role"), pgx.StrictNamedArgs{"territoire": c.Territoire, "id": c.ID, "role": role})
		return err
	})
}

// holdAdministration keeps everybody else from changing who administers a territoire
// until the transaction ends.
func holdAdministration(ctx context.Context, tx pgx.Tx, territoire string) error {
	_, err := tx.Exec(ctx, statement("lock_territoire"), pgx.StrictNamedArgs{"territoire": territoire})
	return err
}

// holdCompte does that and gives an account as it is then: what the caller has read
// may have changed since.
func holdCompte(ctx context.Context, tx pgx.Tx, c atelier.Compte) (atelier.Compte, error) {
	if err := holdAdministration(ctx, tx, c.Territoire); err != nil {
		return c, err
	}
	return one[atelier.Compte](ctx, tx, "compte", pgx.StrictNamedArgs{"territoire": c.Territoire, "id": c.ID})
}

// keepAdministrator refuses to go on when a held account is the last one that
// administers its territoire.
func keepAdministrator(ctx context.Context, tx pgx.Tx, c atelier.Compte, before string) error {
	if c.Role != "admin" || c.Demo {
		return nil
	}
	others, err := administrators(ctx, tx, c)
	if err == nil && others == 0 {
		err = fault.New(fault.Conflict, "dernier_administrateur", "C’est le dernier compte d’administration qui peut se connecter : nommez-en un autre %s.", before)
	}
	return err
}

// administrators counts who could administer a territoire without an account.
func administrators(ctx context.Context, tx pgx.Tx, but atelier.Compte) (int, error) {
	type row struct{ N int }
	others, err := one[row](ctx, tx, "compte_others", pgx.StrictNamedArgs{"territoire": but.Territoire, "id": but.ID})
	return others.N, err
}

// AnyCompte reports whether somebody can sign in; demo says whether invented
// accounts count.
func (s *Store) AnyCompte(ctx context.Context, demo bool) (bool, error) {
	type row struct{ N int }
	r, err := one[row](ctx, s.pool, "compte_real", pgx.StrictNamedArgs{"demo": demo})
	return r.N > 0, err
}

// DemoAccess is an invented account with a token that may do the same.
type DemoAccess struct {
	Role, Email, Nom string
	Password         string // argon2id
	Digest           []byte // of the token
}

// demoBailleur is the organisation of the demonstration's bailleur, as long as
// its evenings name none.
const (
	demoBailleur = "Habitat Démo"
	bailleurRole = "bailleur"
)

// ReplaceDemoAccess makes these the only valid logins and tokens of the
// demonstration.
func (s *Store) ReplaceDemoAccess(ctx context.Context, territoire string, all []DemoAccess) error {
	return translate(pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if err := endDemoAccess(ctx, tx); err != nil {
			return err
		}
		type row struct{ ID uuid.UUID }
		bailleur, err := one[row](ctx, tx, "demo_organisation", pgx.StrictNamedArgs{"territoire": territoire, "nom": demoBailleur})
		if err != nil && fault.KindOf(err) != fault.NotFound { // a real one may have that name: then the account has none
			return err
		}
		for _, d := range all {
			var organisation *uuid.UUID
			if d.Role == bailleurRole {
				organisation = nullUUID(bailleur.ID)
			}
			if _, err := tx.Exec(ctx, statement("upsert_demo_compte"), pgx.StrictNamedArgs{
				"territoire": territoire, "email": d.Email, "nom": d.Nom, "role": d.Role, "password": d.Password,
				"organisation": organisation}); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, statement("insert_staff_token"), pgx.StrictNamedArgs{
				"territoire": territoire, "digest": d.Digest, "role": d.Role, "label": "démonstration", "demo": true,
				"scopes": []string{atelier.ScopeAll}, "created_by": nil, "expires_at": nil,
				"organisation": organisation}); err != nil {
				return err
			}
		}
		return nil
	}))
}

// EndDemoAccess closes every login of the demonstration.
func (s *Store) EndDemoAccess(ctx context.Context) error {
	return translate(pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error { return endDemoAccess(ctx, tx) }))
}

func endDemoAccess(ctx context.Context, tx pgx.Tx) error {
	for _, name := range []string{"end_demo_comptes", "end_demo_tokens"} {
		if _, err := tx.Exec(ctx, statement(name), pgx.StrictNamedArgs{}); err != nil {
			return err
		}
	}
	return nil
}
