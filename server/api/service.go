package api

import (
	"context"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/gin-gonic/gin"

	"quietude/server/fault"
)

func (a *API) serviceRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Path: "/healthz", Handle: a.alive, Always: true},
		{Method: http.MethodGet, Path: "/readyz", Handle: a.ready, Always: true},
	}
}

type wireStatus struct {
	Status  string `json:"status"`
	Version string `json:"version,omitempty"`
}

func (a *API) alive(c *gin.Context) error {
	c.Header("Cache-Control", "no-store")
	return answer(c, http.StatusOK, mediaJSON, wireStatus{"alive", a.Version})
}

// migrated remembers that the schema was found to be the newest: this binary
// will not find another one.
type migrated struct{ atomic.Bool }

func (a *API) ready(c *gin.Context) error {
	ctx, cancel := context.WithTimeout(c.Request.Context(), 2*time.Second)
	defer cancel()
	if err := a.Store.Ping(ctx); err != nil {
		return fault.New(fault.Unavailable, "base_indisponible", "La base de données ne répond pas.").After(2 * time.Second).Because(err)
	}
	if !a.migrated.Load() {
		current, err := a.Migrated(ctx)
		if err != nil || !current {
			return fault.New(fault.Unavailable, "migrations_en_attente", "La base de données n’est pas à jour.").After(5 * time.Second).Because(err)
		}
		a.migrated.Store(true)
	}
	c.Header("Cache-Control", "no-store")
	return answer(c, http.StatusOK, mediaJSON, wireStatus{"ready", a.Version})
}
