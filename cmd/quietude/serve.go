package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"quietude/migrations"
	"quietude/server/fault"
	"quietude/server/importer"
	"quietude/server/mail"
	"quietude/server/pglocal"
)

// Timeouts of the HTTP server. That of writing is for whoever reads an answer
// slowly, after the 15 seconds that its handler may take; the stream of a room,
// which stays open for an evening, sets its own before each event.
const (
	headerTimeout = 5 * time.Second
	readTimeout   = 30 * time.Second
	writeTimeout  = 75 * time.Second
	idleTimeout   = 2 * time.Minute
	// Larger than any address that the handler itself refuses with a sentence.
	maxHeaderBytes = 1200 << 10
)

// drainTime is what requests get to finish once asked to stop. With stopTime
// for PostgreSQL the program ends within ten seconds.
const drainTime = 4 * time.Second

type serveCommand struct {
	Config `embed:""`
}

// Run serves until a signal or a failure. A first signal lets requests finish;
// a second one ends everything at once.
func (c *serveCommand) Run(p *program) error {
	if err := c.check(); err != nil {
		return err
	}
	logger := c.logger(p.err)
	ctx, cancel := p.untilSignal(logger)
	defer cancel()
	listener, err := listen(ctx, c.Listen)
	if err != nil {
		return err
	}
	defer func() { _ = listener.Close() }()
	db, err := p.connect(ctx, c.Storage, logger, pglocal.Start)
	if err != nil {
		return interruption(ctx, err)
	}
	err = c.serve(ctx, p, db, listener, logger)
	return firstError(interruption(ctx, err), db.close())
}

// interruption forgets what failed only because the person asked to stop.
func interruption(ctx context.Context, err error) error {
	if ctx.Err() != nil && (errors.Is(err, context.Canceled) || fault.KindOf(err) == fault.Unavailable) {
		return nil
	}
	return err
}

func listen(ctx context.Context, address string) (net.Listener, error) {
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fault.New(fault.Unavailable, "ecoute_impossible",
			"Impossible d’écouter sur %s : un autre programme occupe sans doute ce port. Choisissez-en un autre avec --listen.", address).Because(err)
	}
	return l, nil
}

// serve prepares the data, serves, and takes everything down again in order:
// streams, requests, background work. The database is the caller's.
func (c *serveCommand) serve(ctx context.Context, p *program, db *database, listener net.Listener, logger *slog.Logger) error {
	if err := c.checkRole(ctx, db, logger); err != nil {
		return err
	}
	if err := c.prepare(ctx, db, logger); err != nil {
		return err
	}
	if c.OIDCIssuer != "" && len(c.OIDCACR) == 0 && c.secondFactor() {
		logger.Warn("le fournisseur d’identité décide seul du second facteur : --oidc-acr le lui demande, et n’ouvre rien sans lui")
	}
	if err := c.checkPostman(ctx, logger); err != nil {
		return err
	}
	defer keepHeapRoom(c.HeapRoom << 20)()
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	s, err := c.wire(db, logger)
	if err != nil {
		return err
	}
	var background sync.WaitGroup
	background.Go(func() { s.run(life) })
	h := &http.Server{
		Handler: s.handler, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxHeaderBytes, ErrorLog: slog.NewLogLogger(logger.Handler(), slog.LevelDebug),
		BaseContext: func(net.Listener) context.Context { return life },
	}
	failed := make(chan error, 1)
	go func() { failed <- h.Serve(listener) }()
	if _, err := fmt.Fprintf(p.out, "Quiétude écoute sur http://%s\n", listener.Addr()); err != nil {
		logger.Warn("sortie standard fermée", "erreur", err)
	}
	if err := c.offerFirstAccess(ctx, p, db, listener.Addr().String()); err != nil {
		logger.Warn("lien du premier compte", "erreur", err)
	}
	select {
	case <-ctx.Done():
		logger.Info("arrêt demandé")
	case err = <-failed:
	case <-db.gone():
		err = fault.New(fault.Unavailable, "base_perdue", "PostgreSQL s’est arrêté et n’a pas pu être relancé. Lancez « quietude doctor » sur ce dossier.")
	}
	s.stop()
	h.RegisterOnShutdown(s.stop)
	drain, cancel := context.WithTimeout(life, drainTime)
	defer cancel()
	if h.Shutdown(drain) != nil {
		logger.Warn("des requêtes duraient encore : elles sont coupées")
		end()
		_ = h.Close()
	}
	end()
	background.Wait()
	return err
}

// mailPatience is how long a start waits for the mail server, which may be away.
const mailPatience = 5 * time.Second

// checkPostman refuses to start with a mail server that would be given messages in
// clear: nobody would know of it later. One that does not answer may come back.
func (c *serveCommand) checkPostman(ctx context.Context, logger *slog.Logger) error {
	if c.SMTPURL == "" {
		return nil
	}
	postman, err := mail.New(c.SMTPURL, c.SMTPFrom)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, mailPatience)
	defer cancel()
	err = postman.Check(ctx)
	if mail.NotEncrypted(err) {
		return invalid("smtp-url", "%s", fault.As(err).Detail)
	}
	if err != nil {
		logger.Warn("le serveur d’envoi (--smtp-url) ne répond pas comme il le devrait : les messages partiront quand il le fera", "erreur", err)
	}
	return nil
}

// checkRole looks at the role of the service. No privilege holds a superuser, so
// that nothing keeps it from rewriting the access log or from reading all: behind
// an https address it is refused, and elsewhere it is said.
func (c *serveCommand) checkRole(ctx context.Context, db *database, logger *slog.Logger) error {
	if db.cluster != nil {
		return nil // the private one has a role of its own for the service
	}
	var super bool
	if err := db.Pool().QueryRow(ctx, "select rolsuper from pg_roles where rolname = current_user").Scan(&super); err != nil {
		return err
	}
	switch {
	case super && c.https():
		return fault.New(fault.Unavailable, "superutilisateur",
			"DATABASE_URL se connecte en superutilisateur : rien ne protégerait le journal des consultations. Connectez-vous avec un rôle ordinaire, propriétaire de la base : CREATE ROLE quietude LOGIN PASSWORD '…'; ALTER DATABASE … OWNER TO quietude; puis REASSIGN OWNED pour une base déjà remplie.")
	case super:
		logger.Warn("le service se connecte à la base en superutilisateur : rien ne protège le journal des consultations ; ce sera refusé avec une adresse en https")
		return nil
	}
	sealed, err := migrations.LogSealed(ctx, db.Pool())
	if err == nil && !sealed {
		logger.Warn("le rôle du service pourrait réécrire le journal des consultations : faites exécuter par l’administrateur de la base ce qu’affiche « quietude migrate --seal »")
	}
	return err
}

// prepare loads what the first start needs.
func (c *serveCommand) prepare(ctx context.Context, db *database, logger *slog.Logger) error {
	territoires, err := db.Territoires(ctx)
	if err != nil {
		return err
	}
	if len(territoires) == 0 || c.Demo {
		created, err := importer.LoadChambery(ctx, db)
		if err != nil {
			return err
		}
		if created {
			logger.Info("Chambéry est chargée : quartiers, rues et repères")
		}
	}
	if c.Territoire != "" {
		if _, err := db.Territoire(ctx, c.Territoire); err != nil {
			return invalid("territoire", "La commune %s n’est pas chargée. Chargez-la d’abord avec « quietude import territoire ».", c.Territoire)
		}
	}
	if !c.Demo {
		return db.EndDemoAccess(ctx)
	}
	return loadDemo(ctx, db, c.Data, true, logger)
}

// untilSignal gives a context that ends with the first signal. The second one
// ends the process: postgres, a child, goes with it and replays its journal at
// the next start.
func (p *program) untilSignal(logger *slog.Logger) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.Background())
	finished := make(chan struct{})
	go func() {
		defer cancel()
		for _, act := range []func(){cancel, func() { p.exit(1) }} {
			select {
			case s := <-p.signals:
				logger.Info("signal reçu", "signal", s.String())
				act()
			case <-finished:
				return
			}
		}
	}()
	return ctx, sync.OnceFunc(func() { close(finished) })
}
