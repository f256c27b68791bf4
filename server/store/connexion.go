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

// Connexions reads the log of access back, newest first; "" is any event.
func (s *Store) Connexions(ctx context.Context, territoire string, what atelier.Event, from, to time.Time, limit int) ([]atelier.Connexion, error) {
	return many[atelier.Connexion](ctx, s.pool, "connexions", pgx.StrictNamedArgs{"territoire": territoire, "evenement": string(what),
		"from": from, "to": to, "limit": limit})
}
