package api

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"golang.org/x/time/rate"

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

// Sign-ins that leave for the identity provider are bounded in the same way, as each is
// a row until it has come back or expired: a town hall behind one address leaves at its
// ease in the morning.
const (
	departuresBurst     = 120
	departuresPerSecond = 0.5
)

// mayLeave takes a place for one more sign-in by the identity provider.
func (a *API) mayLeave(c *gin.Context) error {
	ctx := c.Request.Context()
	name, err := a.addresses.of(ctx, network(c))
	if err != nil {
		return err
	}
	ok, err := a.Store.Spend(ctx, store.Bucket{Key: "externe:" + name, Burst: departuresBurst, PerSecond: departuresPerSecond})
	if err == nil && !ok {
		return errManyRequests
	}
	return err
}

// Tiles without an account are bounded per address, on each node: places alone
// would let one address keep half of them busy for ever. A map on a screen asks
// for some 60 tiles at first, so that a hall of twenty phones and a projector
// behind one address takes a third of the burst at once, and goes on moving.
const (
	tilesBurst     = 4000
	tilesPerSecond = 150
)

// errManyRequests is of maps and of whatever else loads the machine.
var errManyRequests = fault.New(fault.TooMany, "trop_de_demandes",
	"Beaucoup de demandes viennent d’arriver de votre connexion. Réessayez dans quelques secondes.").After(5 * time.Second)

// pace bounds how often each of many may do something. What it remembers is
// bounded: whoever has not done anything for a while begins anew anyway.
type pace struct {
	perSecond rate.Limit
	burst     int

	mu       sync.Mutex
	limiters map[string]*rate.Limiter
}

// paced is how many are remembered.
const paced = 10_000

func newPace(perSecond rate.Limit, burst int) *pace {
	return &pace{perSecond: perSecond, burst: burst, limiters: map[string]*rate.Limiter{}}
}

func (p *pace) allows(who string, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	l := p.limiters[who]
	if l == nil {
		if len(p.limiters) >= paced {
			maps.DeleteFunc(p.limiters, func(_ string, l *rate.Limiter) bool { return l.TokensAt(now) >= float64(p.burst) })
		}
		if len(p.limiters) >= paced {
			clear(p.limiters) // places still bound what is done at once
		}
		l = rate.NewLimiter(p.perSecond, p.burst)
		p.limiters[who] = l
	}
	return l.AllowN(now, 1)
}
