// Package auth says who makes a request and what that role may do. It decides
// nothing about content: an object of another territoire or room is unknown to
// those who may not know it, and that is said by the caller with a 404.
package auth

import (
	"context"
	"crypto/sha256"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/google/uuid"

	"quietude/server/atelier"
	"quietude/server/fault"
)

// Role is what a person is for the service.
type Role string

// The roles. Whoever shows nothing is Public.
const (
	Public    Role = "public"
	Habitant  Role = "habitant"
	Animateur Role = "animateur"
	Analyste  Role = "analyste"
	Police    Role = "police"
	Bailleur  Role = "bailleur"
	Admin     Role = "admin"
	DPO       Role = "dpo"
)

// Staff are the roles that an account can have.
var Staff = []Role{Animateur, Analyste, Police, Bailleur, Admin, DPO}

// Words are the role as people say it.
func (r Role) Words() string {
	switch r {
	case Animateur:
		return "animation"
	case Analyste:
		return "analyse"
	case Admin:
		return "administration"
	case DPO:
		return "protection des données"
	}
	return string(r)
}

// Principal is who makes a request.
type Principal struct {
	Role       Role
	Territoire string // "" for Public
	// Atelier and Participant are set for Habitant.
	Atelier     uuid.UUID
	Participant atelier.Participant
	// Nom is the name of a person of the staff, or the label of a token.
	Nom string
	// Compte and Session are set for a person who has signed in.
	Compte  uuid.UUID
	Session string
	// SettingUp says that the account must have a second factor and has none yet:
	// until then it may add one, and reads nothing that the public does not.
	SettingUp bool
	// Organisation is whom a person of the staff answers for, and bounds what a
	// bailleur reads and writes; uuid.Nil for none.
	Organisation uuid.UUID
	// Scopes bound what a token may be used for; nil for a person.
	Scopes []string
}

// Animates reports whether the principal leads ateliers of a territoire.
func (p Principal) Animates(territoire string) bool {
	return p.Role == Animateur && p.Territoire == territoire && !p.SettingUp
}

// Store is what authentication needs to know.
type Store interface {
	Atelier(ctx context.Context, id uuid.UUID) (atelier.Atelier, error)
	StaffToken(ctx context.Context, digest []byte) (atelier.Jeton, error)
	OrganisationLink(ctx context.Context, digest []byte) (atelier.OrganisationLink, error)
	Compte(ctx context.Context, territoire string, id uuid.UUID) (atelier.Compte, error)
	NoteTokenUse(ctx context.Context, digest []byte) error
	FindSession(ctx context.Context, digest string) (data []byte, found bool, err error)
	OpenSession(ctx context.Context, n atelier.NewSession, c atelier.Compte, event atelier.Connexion) error
	ProlongSession(ctx context.Context, digest string, data []byte, until time.Time) (found bool, err error)
	DeleteSession(ctx context.Context, digest string) error
}

// Options are what an authenticator is told of its surroundings.
type Options struct {
	// Secure says that browsers reach the service by https only.
	Secure bool
	// Secret seals what the database keeps of second factors; without it there
	// are none.
	Secret []byte
	// SecondFactor says that every account that signs in with a password must
	// have a second factor.
	SecondFactor bool
}

// Authenticator finds the principal of a request, and opens and ends sessions.
// It is safe for concurrent use.
type Authenticator struct {
	store    Store
	secure   bool
	secret   []byte
	imposed  bool
	sessions *scs.SessionManager
	known    *known

	mu   sync.Mutex
	keys map[uuid.UUID]keptKey
}

type keptKey struct {
	atelier atelier.Atelier
	until   time.Time
}

// New makes an authenticator.
func New(store Store, o Options) *Authenticator {
	return &Authenticator{store: store, secure: o.Secure, secret: o.Secret, imposed: o.SecondFactor, sessions: newSessions(store, o.Secure), known: newKnown(),
		keys: map[uuid.UUID]keptKey{}}
}

// keyLife bounds how long a node goes on accepting tokens of a key that was
// destroyed on another one.
const keyLife = 30 * time.Second

var errUnknown = fault.New(fault.Unauthorized, "acces_inconnu",
	"Votre accès n’est plus reconnu. Entrez de nouveau le code de votre table, ou reconnectez-vous.")

// Of gives the principal of a request: from its bearer token, or else from the
// session of its cookie. A session that has ended is Public, so that the pages
// for everybody still open.
func (a *Authenticator) Of(r *http.Request) (Principal, error) {
	header := r.Header.Get("Authorization")
	if header == "" {
		return a.bySession(r)
	}
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" || len(token) > 512 {
		return Principal{}, errUnknown
	}
	if id, participant, ok := atelier.ReadToken(token); ok {
		return a.habitant(r.Context(), id, participant, token)
	}
	return a.byToken(r, token)
}

// byToken finds the role of a machine, or of the demonstration.
func (a *Authenticator) byToken(r *http.Request, token string) (Principal, error) {
	digest := sha256.Sum256([]byte(token))
	e, ok := a.known.find(digest)
	if !ok {
		var err error
		if e, err = a.learnToken(r.Context(), digest); err != nil {
			return Principal{}, err
		}
	}
	if e.demo && !FromThisMachine(r) {
		return Principal{}, errUnknown
	}
	return e.principal, nil
}

func (a *Authenticator) learnToken(ctx context.Context, digest [sha256.Size]byte) (entry, error) {
	e, err := a.known.learn(digest, func() (entry, error) {
		j, err := a.store.StaffToken(ctx, digest[:])
		if fault.KindOf(err) == fault.NotFound {
			return a.byLink(ctx, digest[:])
		}
		if err == nil && !j.Demo {
			err = a.store.NoteTokenUse(ctx, digest[:])
		}
		return entry{demo: j.Demo, principal: Principal{Role: Role(j.Role), Territoire: j.Territoire, Nom: j.Label, Scopes: j.Scopes, Organisation: j.Organisation}}, err
	})
	if fault.KindOf(err) == fault.NotFound {
		err = errUnknown
	}
	return e, err
}

// byLink finds the organisation whose link it is. It opens what has the scope
// actions in the table of rights, as a Bailleur, and nothing else.
func (a *Authenticator) byLink(ctx context.Context, digest []byte) (entry, error) {
	l, err := a.store.OrganisationLink(ctx, digest)
	return entry{principal: Principal{Role: Bailleur, Territoire: l.Territoire, Organisation: l.Organisation, Scopes: []string{scopeActions}}}, err
}

// Person reports whether a principal has signed in, as an account has.
func (p Principal) Person() bool { return p.Compte != uuid.Nil }

// FromThisMachine reports whether a request was made on the machine itself and
// not passed on by a proxy. A client that writes such a header itself loses by
// it, and gains nothing.
func FromThisMachine(r *http.Request) bool {
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via"} {
		if r.Header.Get(name) != "" {
			return false
		}
	}
	address, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && address.Addr().Unmap().IsLoopback()
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
