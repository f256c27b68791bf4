package main

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/google/uuid"

	"quietude/migrations"
	"quietude/server"
	"quietude/server/api"
	"quietude/server/atelier"
	"quietude/server/auth"
	"quietude/server/hexmap"
	"quietude/server/invite"
	"quietude/server/jobs"
	"quietude/server/live"
	"quietude/server/mail"
	"quietude/server/notice"
	"quietude/server/publication"
	"quietude/server/store"
	"quietude/web"
)

// service is what serves, with what runs beside it.
type service struct {
	handler http.Handler
	// run does the background work until its context ends.
	run func(context.Context)
	// stop ends the streams, which would otherwise outlast any patience, and
	// lets the background work finish what it is doing.
	stop func()
}

// wire introduces the parts to each other.
func (c *serveCommand) wire(db *database, logger *slog.Logger) (service, error) {
	places := hexmap.NewPlaces(db.Store)
	maps := hexmap.NewMaps(db.Store, places)
	hub := live.NewHub(db.Store, places, logger, maps.Touch)
	work := jobs.NewWork()
	publisher, err := publication.New(db.Store, places, publication.Options{Threshold: c.Seuil, Now: time.Now})
	if err != nil {
		return service{}, err
	}
	registerWork(work, db.Store, publisher, logger)
	if err := c.registerMail(work, db.Store, places, logger); err != nil {
		return service{}, err
	}
	queue, err := jobs.Open(db.Pool(), work, logger)
	if err != nil {
		return service{}, err
	}
	secret, err := c.secret(context.Background(), db)
	if err != nil {
		return service{}, err
	}
	routes, err := api.New(api.Config{
		Store: db.Store, Places: places, Maps: maps, Live: hub, Auth: auth.New(db.Store, auth.Options{Secure: c.https(), Secret: secret, SecondFactor: c.secondFactor()}), Logger: logger, External: c.provider(),
		SendInvitations: c.sendInvitations(queue), Confirm: c.confirm(queue), Public: db.public, Publisher: publisher, Jobs: queue,
		Territoire: c.Territoire, BaseURL: c.baseURL(), Version: version(), DPO: c.DPO, Now: time.Now,
		Migrated: func(ctx context.Context) (bool, error) { return migrations.Current(ctx, db.url) },
	})
	if err != nil {
		return service{}, fmt.Errorf("contract of the interface: %w", err)
	}
	pages, err := fs.Sub(web.Dist, "dist")
	if err != nil {
		return service{}, err
	}
	handler, err := server.New(server.Config{API: routes, Web: pages, Logger: logger, BasemapURL: c.BasemapURL, BaseURL: c.baseURL(),
		TrustedProxies: c.TrustedProxies, SecurityContact: c.SecurityContact})
	if err != nil {
		return service{}, err
	}
	return service{
		handler: handler,
		run: func(ctx context.Context) {
			var all sync.WaitGroup
			// A request would say what is wrong; else the first visitors would wait for the loads.
			all.Go(func() {
				_ = maps.Warm(ctx)
				_ = routes.Warm(ctx)
			})
			all.Go(func() { hub.Run(ctx) })
			all.Go(func() { maps.Run(ctx, db.Store, logger) })
			all.Go(func() {
				if err := queue.Run(ctx); err != nil {
					logger.Error("tâches de fond arrêtées", "erreur", err)
				}
			})
			if c.Demo {
				all.Go(func() { keepDemoRunning(ctx, db.Store, hub, logger) })
			}
			all.Wait()
		},
		stop: func() {
			hub.Close()
			queue.Drain()
		},
	}, nil
}

// tidyJob deletes, every hour, what only mattered for a moment.
type tidyJob struct{}

func (tidyJob) Kind() string { return "tidy" }

// registerWork tells a node all the jobs it knows how to do, one line each.
func registerWork(work *jobs.Work, s *store.Store, publisher *publication.Publisher, logger *slog.Logger) {
	jobs.Handle(work, func(ctx context.Context, _ tidyJob) error { return s.Tidy(ctx) })
	work.Every(time.Hour, tidyJob{})
	publisher.Register(work)
	jobs.Handle(work, func(ctx context.Context, _ purgeJob) error { return purge(ctx, s, logger) })
	work.Every(6*time.Hour, purgeJob{})
}

// registerMail tells a node how to send invitations and notices, where there is
// a mail server.
func (c *serveCommand) registerMail(work *jobs.Work, s *store.Store, places *hexmap.Places, logger *slog.Logger) error {
	if c.SMTPURL == "" {
		return nil
	}
	postman, err := mail.New(c.SMTPURL, c.SMTPFrom)
	if err != nil {
		return err
	}
	inviter := &invite.Inviter{Store: s, Places: places, Postman: postman, BaseURL: c.baseURL(), Logger: logger, Now: time.Now}
	inviter.Register(work)
	teller := &notice.Teller{Store: s, Places: places, Postman: postman, BaseURL: c.baseURL(), Thresholds: c.Rappels, Now: time.Now, Logger: logger}
	teller.Register(work)
	return nil
}

// confirm orders the e-mail that confirms an address; nil without a mail server.
func (c *serveCommand) confirm(queue *jobs.Queue) api.Confirm {
	if c.SMTPURL == "" {
		return nil
	}
	return func(ctx context.Context, f atelier.Follower) error {
		return queue.Order(ctx, notice.ConfirmJob{Territoire: f.Territoire, Atelier: f.Atelier, Follower: f.ID})
	}
}

// sendInvitations orders the e-mails of an atelier; nil without a mail server.
func (c *serveCommand) sendInvitations(queue *jobs.Queue) api.SendInvitations {
	if c.SMTPURL == "" {
		return nil
	}
	return func(ctx context.Context, territoire string, room uuid.UUID) error {
		return queue.Order(ctx, invite.Job{Territoire: territoire, Atelier: room})
	}
}
