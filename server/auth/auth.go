// Package auth says who makes a request and what that role may do. It decides
// nothing about content: an object of another territoire or room is unknown to
// those who may not know it, and that is said by the caller with a 404.
package auth

import (
	"context"
	"crypto/sha256"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"quietude/server/atelier"
	"quietude/server/fault"
)

// Role is what a person is for the service.
type Role string

// The roles. Local is whoever works on the machine itself while accounts do
// not exist; the program then refuses to listen to anybody else.
const (
	Public    Role = "public"
	Habitant  Role = "habitant"
	Animateur Role = "animateur"
	Analyste  Role = "analyste"
	Police    Role = "police"
	Bailleur  Role = "bailleur"
	Admin     Role = "admin"
	DPO       Role = "dpo"
	Local     Role = "local"
)

// Principal is who makes a request.
type Principal struct {
	Role       Role
	Territoire string // "" for Public and Local
	// Atelier and Participant are set for Habitant.
	Atelier     uuid.UUID
	Participant atelier.Participant
}

// Animates reports whether the principal leads ateliers of a territoire.
func (p Principal) Animates(territoire string) bool {
	return p.Role == Local || (p.Role == Animateur && p.Territoire == territoire)
}

// Store is what authentication needs to know.
type Store interface {
	Atelier(ctx context.Context, id uuid.UUID) (atelier.Atelier, error)
	StaffRole(ctx context.Context, digest []byte) (role, territoire string, err error)
}

// Authenticator finds the principal of a request. It is safe for concurrent use.
type Authenticator struct {
	store Store
	// without is the role of a request that carries no token, proxied the one
	// of such a request that came through a proxy.
	without, proxied Role

	mu   sync.Mutex
	keys map[uuid.UUID]keptKey
}

type keptKey struct {
	atelier atelier.Atelier
	until   time.Time
}

// New makes an authenticator; without is the role of requests without a token.
// Local does not reach through a proxy: what one passes on comes from
// elsewhere, though it arrives from this machine, and is Public.
func New(store Store, without Role) *Authenticator {
	a := &Authenticator{store: store, without: without, proxied: without, keys: map[uuid.UUID]keptKey{}}
	if without == Local {
		a.proxied = Public
	}
	return a
}

// NewInsecure takes whoever reaches the server, from wherever, for Local.
func NewInsecure(store Store) *Authenticator {
	a := New(store, Local)
	a.proxied = Local
	return a
}

// keyLife bounds how long a node goes on accepting tokens of a key that was
// destroyed on another one.
const keyLife = 30 * time.Second

var errUnknown = fault.New(fault.Unauthorized, "acces_inconnu",
	"Votre accès n’est plus reconnu. Entrez de nouveau le code de votre table, ou reconnectez-vous.")

// Of gives the principal of a request, from its bearer token.
func (a *Authenticator) Of(r *http.Request) (Principal, error) {
	header := r.Header.Get("Authorization")
	if header == "" {
		if viaProxy(r) {
			return Principal{Role: a.proxied}, nil
		}
		return Principal{Role: a.without}, nil
	}
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" || len(token) > 512 {
		return Principal{}, errUnknown
	}
	if id, participant, ok := atelier.ReadToken(token); ok {
		return a.habitant(r.Context(), id, participant, token)
	}
	digest := sha256.Sum256([]byte(token))
	role, territoire, err := a.store.StaffRole(r.Context(), digest[:])
	if err != nil {
		if fault.KindOf(err) == fault.NotFound {
			err = errUnknown
		}
		return Principal{}, err
	}
	return Principal{Role: Role(role), Territoire: territoire}, nil
}

// viaProxy reports whether a reverse proxy says that it passed a request on. A
// client that writes such a header itself loses by it, and gains nothing.
func viaProxy(r *http.Request) bool {
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via"} {
		if r.Header.Get(name) != "" {
			return true
		}
	}
	return false
}

func (a *Authenticator) habitant(ctx context.Context, id uuid.UUID, p atelier.Participant, token string) (Principal, error) {
	at, err := a.atelier(ctx, id)
	if err != nil {
		if fault.KindOf(err) == fault.NotFound {
			err = errUnknown
		}
		return Principal{}, err
	}
	if !at.VerifyToken(token) {
		return Principal{}, errUnknown
	}
	return Principal{Role: Habitant, Territoire: at.Territoire, Atelier: id, Participant: p}, nil
}

// atelier keeps the keys of the rooms that are in use.
func (a *Authenticator) atelier(ctx context.Context, id uuid.UUID) (atelier.Atelier, error) {
	now := time.Now()
	a.mu.Lock()
	kept, ok := a.keys[id]
	a.mu.Unlock()
	if ok && now.Before(kept.until) {
		return kept.atelier, nil
	}
	at, err := a.store.Atelier(ctx, id)
	if err != nil {
		return at, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.keys) > 10_000 {
		clear(a.keys) // unknown ateliers are not kept, so this is a busy year at once
	}
	a.keys[id] = keptKey{at, now.Add(keyLife)}
	return at, nil
}
