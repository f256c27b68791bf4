package main

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"quietude/migrations"
	"quietude/server"
	"quietude/server/api"
	"quietude/server/auth"
	"quietude/server/hexmap"
	"quietude/server/live"
	"quietude/web"
)

// service is what serves, with what runs beside it.
type service struct {
	handler http.Handler
	// run does the background work until its context ends.
	run func(context.Context)
	// stop ends the streams, which would otherwise outlast any patience.
	stop func()
}

// wire introduces the parts to each other.
func (c *serveCommand) wire(db *database, logger *slog.Logger) (service, error) {
	places := hexmap.NewPlaces(db.Store)
	maps := hexmap.NewMaps(db.Store, places)
	hub := live.NewHub(db.Store, places, logger, maps.Touch)
	routes, err := api.New(api.Config{
		Store: db.Store, Places: places, Maps: maps, Live: hub, Auth: auth.New(db.Store, auth.Local), Logger: logger,
		Territoire: c.Territoire, BaseURL: c.baseURL(), Version: version(), Now: time.Now,
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
		TrustedProxies: c.TrustedProxies})
	if err != nil {
		return service{}, err
	}
	return service{
		handler: handler,
		run: func(ctx context.Context) {
			var all sync.WaitGroup
			all.Go(func() { _ = maps.Warm(ctx) }) // a request would say what is wrong; else the first visitor would wait for the load
			all.Go(func() { hub.Run(ctx) })
			all.Wait()
		},
		stop: hub.Close,
	}, nil
}
