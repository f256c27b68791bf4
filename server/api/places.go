package api

import (
	"context"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"quietude/server/auth"
)

// slots bounds how much is done at once.
type slots chan struct{}

func newSlots(n int) slots { return make(slots, n) }

// take waits at most patience for a place.
func (s slots) take(ctx context.Context, patience time.Duration) error {
	select {
	case s <- struct{}{}:
		return nil
	default:
	}
	if patience > 0 {
		timer := time.NewTimer(patience)
		defer timer.Stop()
		select {
		case s <- struct{}{}:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		case <-timer.C:
		}
	}
	return errSlow
}

func (s slots) give() { <-s }

// places bounds how much is done at once, for all and for one visitor: whoever
// asks for everything at the same time waits for themselves.
type places struct {
	all slots
	// each is how many one visitor may hold; 0 for as many as there are.
	each int

	mu       sync.Mutex
	visitors map[string]*visit
}

// visit is what one visitor holds or waits for.
type visit struct {
	slots
	users int
}

func newPlaces(all, each int) *places {
	return &places{all: newSlots(all), each: each, visitors: map[string]*visit{}}
}

// take waits at most patience for a place; leave gives it back, once however
// often it is called.
func (p *places) take(ctx context.Context, who string, patience time.Duration) (leave func(), err error) {
	if p.each == 0 {
		if err := p.all.take(ctx, patience); err != nil {
			return nil, err
		}
		return sync.OnceFunc(p.all.give), nil
	}
	until := time.Now().Add(patience)
	own := p.enter(who)
	if err := own.take(ctx, patience); err != nil {
		p.exit(who, own)
		return nil, err
	}
	if err := p.all.take(ctx, time.Until(until)); err != nil {
		own.give()
		p.exit(who, own)
		return nil, err
	}
	return sync.OnceFunc(func() {
		p.all.give()
		own.give()
		p.exit(who, own)
	}), nil
}

func (p *places) enter(who string) *visit {
	p.mu.Lock()
	defer p.mu.Unlock()
	v := p.visitors[who]
	if v == nil {
		v = &visit{slots: newSlots(p.each)}
		p.visitors[who] = v
	}
	v.users++
	return v
}

func (p *places) exit(who string, v *visit) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if v.users--; v.users == 0 {
		delete(p.visitors, who)
	}
}

// heavyPatience is how long work that loads the machine waits for its turn.
const heavyPatience = 2 * time.Second

// place gives a request a place among its like. Heavy work waits beside the
// places of all others, or its queue would fill them.
func (a *API) place(c *gin.Context, r Route) (leave func(), err error) {
	ctx := c.Request.Context()
	switch {
	case r.Always:
		return func() {}, nil
	case r.Stream:
		return a.streams.take(ctx, a.visitorOf(c), 0)
	case r.Heavy:
		if a.principal(c).Role == auth.Public && !a.tilePace.allows(network(c), a.Now()) {
			return nil, errManyRequests
		}
		return a.heavy.take(ctx, a.visitorOf(c), heavyPatience)
	}
	return a.requests.take(ctx, "", 0)
}

// visitorOf names who makes a request as far as one can be told from another:
// by account, token or seat, or else by where they are.
func (a *API) visitorOf(c *gin.Context) string {
	switch p := a.principal(c); {
	case p.Person():
		return p.Compte.String()
	case p.Role == auth.Habitant:
		return p.Participant.ID.String()
	case p.Role != auth.Public:
		return p.Territoire + " " + string(p.Role) + " " + p.Nom
	}
	return network(c)
}

// network is where a request comes from as far as limits are concerned: the
// address or, of IPv6, the 64 bits that a line is given, within which anybody
// may choose a new address for each try.
func network(c *gin.Context) string {
	text := c.ClientIP()
	address, err := netip.ParseAddr(text)
	if err != nil {
		return text
	}
	address = address.Unmap()
	if address.Is4() {
		return address.String()
	}
	prefix, err := address.Prefix(64)
	if err != nil {
		return text
	}
	return prefix.String()
}

// leaving gives the place of a request back with the first byte of its answer:
// by then the work is done, and the rest goes at the pace of whoever reads it.
type leaving struct {
	gin.ResponseWriter
	leave func()
}

func (w *leaving) Write(b []byte) (int, error) {
	w.leave()
	return w.ResponseWriter.Write(b)
}

func (w *leaving) WriteString(s string) (int, error) {
	w.leave()
	return w.ResponseWriter.WriteString(s)
}

// Unwrap is for http.ResponseController.
func (w *leaving) Unwrap() http.ResponseWriter { return w.ResponseWriter }
