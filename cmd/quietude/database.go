package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"

	"quietude/migrations"
	"quietude/server/fault"
	"quietude/server/pglocal"
	"quietude/server/store"
)

// poolSize leaves PostgreSQL connections for a second command on the same
// folder (pglocal allows 60).
const poolSize = 24

// stopTime is what the private PostgreSQL gets to stop cleanly.
const stopTime = 5 * time.Second

// database is an open database with the newest schema.
type database struct {
	*store.Store
	// public reads what is published, as a role that can read nothing else; nil
	// when no such role was named.
	public  *store.Public
	url     string
	cluster *pglocal.Cluster // nil for a database that others run
}

// startCluster is how the private cluster is reached: pglocal.Start, which
// wants it for itself, or pglocal.Open, which also joins a running one.
type startCluster func(context.Context, pglocal.Options) (*pglocal.Cluster, error)

// connect opens the database that s names, makes sure that it is durable and
// has PostGIS, and brings it to the newest schema.
func (p *program) connect(ctx context.Context, s Storage, logger *slog.Logger, start startCluster) (_ *database, err error) {
	d := &database{url: s.DatabaseURL}
	defer func() {
		if err != nil {
			err = firstError(err, d.close())
		}
	}()
	if s.DatabaseURL == "" {
		if d.cluster, err = start(ctx, pglocal.Options{Dir: s.Data, Logger: logger}); err != nil {
			return nil, err
		}
		d.url = d.cluster.URL()
	} else if err := p.checkForeign(ctx, s.DatabaseURL); err != nil {
		return nil, err
	}
	if err := migrations.Apply(ctx, d.url); err != nil {
		return nil, fault.New(fault.Unavailable, "migrations_impossibles",
			"La base n’a pas pu être mise à jour ; rien n’a été changé à moitié.").Because(err)
	}
	if d.cluster != nil {
		if err := migrations.SealLog(ctx, d.cluster.AdminURL(), pglocal.AppRole); err != nil {
			return nil, err
		}
	}
	if d.Store, err = store.Open(ctx, d.url, poolSize); err != nil {
		return nil, err
	}
	d.OnDamage(func(found store.Damage) {
		logger.Error("page abîmée sur le disque : lancez « quietude doctor »", "relation", found.Relation, "page", found.Block)
	})
	return d, d.connectPublic(ctx, s, logger)
}

// connectPublic opens the pool of the public pages.
func (d *database) connectPublic(ctx context.Context, s Storage, logger *slog.Logger) (err error) {
	url, role := s.PublicURL, ""
	switch {
	case d.cluster != nil:
		url, role = d.cluster.PublicURL(), pglocal.PublicRole
	case url == "":
		logger.Warn("aucun rôle pour les pages publiques (--public-database-url) : elles ne montrent aucune édition")
		return nil
	default:
		config, err := pgx.ParseConfig(url)
		if err != nil {
			return invalid("public-database-url", "L’adresse de la base pour le public est mal écrite.")
		}
		role = config.User
	}
	if err := migrations.GrantPublic(ctx, d.url, role); err != nil {
		return fault.New(fault.Unavailable, "role_public_absent",
			"Le rôle PostgreSQL des pages publiques n’existe pas, ou ses droits n’ont pas pu être donnés. Demandez à l’administrateur de la base : CREATE ROLE %s LOGIN PASSWORD '…';", role).Because(err)
	}
	d.public, err = store.OpenPublic(ctx, url)
	return err
}

// checkForeign looks at a database that others run before anything is written
// to it.
func (p *program) checkForeign(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return fault.New(fault.Unavailable, "base_injoignable",
			"La base de données indiquée ne répond pas, ou refuse cet utilisateur. Vérifiez DATABASE_URL et que PostgreSQL tourne.").Because(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if err := p.durable(ctx, conn); err != nil {
		return err
	}
	// An ordinary role may not create it; where it may, the person is spared
	// a step.
	if _, err := conn.Exec(ctx, "create extension if not exists postgis"); err != nil {
		return fault.New(fault.Unavailable, "postgis_absent",
			"PostGIS manque dans cette base. Demandez à son administrateur : CREATE EXTENSION postgis;").Because(err)
	}
	return nil
}

// close gives everything back; the private PostgreSQL stops.
func (d *database) close() error {
	if d.public != nil {
		d.public.Close()
	}
	if d.Store != nil {
		d.Store.Close()
	}
	if d.cluster == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), stopTime)
	defer cancel()
	return d.cluster.Stop(ctx)
}

// gone is closed when the private PostgreSQL has ended for good.
func (d *database) gone() <-chan struct{} {
	if d.cluster == nil {
		return nil
	}
	return d.cluster.Done()
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
