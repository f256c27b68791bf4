package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"quietude/server/atelier"
)

// AddConnexion writes a line of the log of access, unless one that says the same was
// written within quiet; 0 writes always. Its hour is the database's.
func (s *Store) AddConnexion(ctx context.Context, e atelier.Connexion, quiet time.Duration) error {
	return translate(addConnexion(ctx, s.pool, e, quiet))
}

func addConnexion(ctx context.Context, q querier, e atelier.Connexion, quiet time.Duration) error {
	if e.Details == nil {
		e.Details = map[string]string{}
	}
	_, err := q.Exec(ctx, statement("insert_connexion"), pgx.StrictNamedArgs{"territoire": e.Territoire, "evenement": string(e.Evenement),
		"compte": nullUUID(e.Compte), "nom": e.Nom, "role": e.Role, "par": nullUUID(e.Par), "par_nom": e.ParNom, "origine": e.Origine,
		"appareil": e.Appareil, "details": e.Details, "quiet": quiet.Seconds()})
	return err
}

// strangerOrigins is how many network addresses are told apart in an hour.
const strangerOrigins = 20

// CountStranger counts a try to come in without an account, for whose network address
// the log has a line once the hour is over. Nothing is kept of whom it named.
func (s *Store) CountStranger(ctx context.Context, n atelier.Stranger) error {
	_, err := s.pool.Exec(ctx, statement("acces_inconnu_count"), pgx.StrictNamedArgs{"territoire": n.Territoire, "raison": n.Raison,
		"fournisseur": n.Fournisseur, "origine": n.Origine, "most": strangerOrigins})
	return translate(err)
}

// Connexions reads the log of access back, newest first, with the strangers of this
// hour as they are counted so far; "" is any event.
func (s *Store) Connexions(ctx context.Context, territoire string, what atelier.Event, from, to time.Time, limit int) ([]atelier.Connexion, error) {
	return many[atelier.Connexion](ctx, s.pool, "connexions", pgx.StrictNamedArgs{"territoire": territoire, "evenement": string(what),
		"counted": string(atelier.SignInRefused), "from": from, "to": to, "limit": limit})
}
