package api

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"quietude/server/auth"
	"quietude/server/fault"
	"quietude/server/store"
)

// pseudonyms name the buckets of limits: an address is never stored, only what
// a secret that all nodes share makes of it.
type pseudonyms struct {
	store  *store.Store
	secret string

	mu  sync.Mutex
	key []byte
}

func (p *pseudonyms) of(ctx context.Context, text string) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.key == nil {
		key, err := p.store.Secret(ctx, p.secret)
		if err != nil {
			return "", err
		}
		p.key = key
	}
	mac := hmac.New(sha256.New, p.key)
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil)[:16]), nil
}

// Signalements without an account are bounded per address, in the database, for
// all nodes: a hall or a town hall behind one address may report at its ease, a
// script may not fill the map. What is refused takes nothing from the bucket.
const (
	reportsBurst     = 60
	reportsPerSecond = 1.0 / 30
)

var errManyReports = fault.New(fault.TooMany, "trop_de_signalements",
	"Beaucoup de signalements viennent d’arriver de votre connexion. Celui-ci n’est pas encore enregistré : attendez une minute, puis envoyez-le de nouveau.").After(time.Minute)

// mayReport takes a place for one more signalement from where a request comes.
func (a *API) mayReport(c *gin.Context) error {
	if a.principal(c).Role != auth.Public {
		return nil
	}
	ctx := c.Request.Context()
	name, err := a.addresses.of(ctx, network(c))
	if err != nil {
		return err
	}
	ok, err := a.Store.Spend(ctx, store.Bucket{Key: "signalement:" + name, Burst: reportsBurst, PerSecond: reportsPerSecond})
	if err == nil && !ok {
		return errManyReports
	}
	return err
}
