package auth

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/google/uuid"

	"quietude/server/atelier"
	"quietude/server/fault"
)

// A session ends after a working day whatever happens, and earlier when nothing
// was asked for as long as an evening lasts.
const (
	sessionLife = 12 * time.Hour
	sessionIdle = 3 * time.Hour
	// seenStep is how exactly the last request is known: a write to the
	// database for each would be too much.
	seenStep = time.Minute
)

// Keys of what the session manager keeps.
const (
	keyCompte     = "compte"
	keyTerritoire = "territoire"
	keySeen       = "seen"     // Unix time of the last write
	keyIDToken    = "id_token" // of the identity provider; none for a password
)

func newSessions(store Store, secure bool) *scs.SessionManager {
	m := scs.New()
	m.Lifetime, m.IdleTimeout = sessionLife, sessionIdle
	m.HashTokenInStore = true
	m.Store = &sessionRows{store}
	m.Cookie.Name = "quietude"
	if secure {
		// The prefix makes browsers refuse the cookie from anywhere else.
		m.Cookie.Name = "__Host-quietude"
		m.Cookie.Secure = true
	}
	return m
}

// sessionRows keeps sessions as rows that say whose they are, which the usual
// table of the session manager does not: a person can list and end their own.
type sessionRows struct{ store Store }

func (s *sessionRows) FindCtx(ctx context.Context, digest string) ([]byte, bool, error) {
	return s.store.FindSession(ctx, digest)
}

func (s *sessionRows) DeleteCtx(ctx context.Context, digest string) error {
	return s.store.DeleteSession(ctx, digest)
}

// opening is, in a context, the account whose session a commit begins, and the line
// of the log about it.
type opening struct {
	compte   atelier.Compte
	appareil string
	event    atelier.Connexion
}

type openingKey struct{}

// errEnded: a session ended between being read and being prolonged.
var errEnded = errors.New("the session has ended")

// CommitCtx begins a session in the context of an opening, and otherwise prolongs one
// that is there: what was ended meanwhile does not come back.
func (s *sessionRows) CommitCtx(ctx context.Context, digest string, data []byte, expires time.Time) error {
	if o, ok := ctx.Value(openingKey{}).(opening); ok {
		return s.store.OpenSession(ctx, atelier.NewSession{Digest: digest, Data: data, Appareil: o.appareil, ExpiresAt: expires}, o.compte, o.event)
	}
	found, err := s.store.ProlongSession(ctx, digest, data, expires)
	if err == nil && !found {
		err = errEnded
	}
	return err
}

// The manager asks by context only; these complete its interface.

func (s *sessionRows) Find(digest string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), digest)
}

func (s *sessionRows) Delete(digest string) error { return s.DeleteCtx(context.Background(), digest) }

func (s *sessionRows) Commit(digest string, data []byte, expires time.Time) error {
	return s.CommitCtx(context.Background(), digest, data, expires)
}

func (a *Authenticator) cookie(r *http.Request) string {
	c, err := r.Cookie(a.sessions.Cookie.Name)
	if err != nil || len(c.Value) > 128 {
		return ""
	}
	return c.Value
}

func (a *Authenticator) bySession(r *http.Request) (Principal, error) {
	token := a.cookie(r)
	if token == "" {
		return Principal{Role: Public}, nil
	}
	digest := sha256.Sum256([]byte(token))
	e, ok := a.known.find(digest)
	if !ok {
		var err error
		if e, err = a.learnSession(r.Context(), token, digest); err != nil {
			return Principal{}, err
		}
	}
	if e.principal.Role == "" || e.demo && !FromThisMachine(r) {
		return Principal{Role: Public}, nil
	}
	return e.principal, nil
}

// learnSession is beside bySession, as what a function passes on takes memory even
// when it is not needed.
func (a *Authenticator) learnSession(ctx context.Context, token string, digest [sha256.Size]byte) (entry, error) {
	return a.known.learn(digest, func() (entry, error) { return a.session(ctx, token, digest) })
}

// session reads a session and its account; a zero entry when it has ended.
func (a *Authenticator) session(ctx context.Context, token string, digest [sha256.Size]byte) (entry, error) {
	ctx, err := a.sessions.Load(ctx, token)
	if err != nil {
		return entry{}, err
	}
	id, err := uuid.Parse(a.sessions.GetString(ctx, keyCompte))
	if err != nil {
		return entry{}, nil
	}
	c, err := a.store.Compte(ctx, a.sessions.GetString(ctx, keyTerritoire), id)
	if fault.KindOf(err) == fault.NotFound || err == nil && c.Disabled {
		return entry{}, nil
	}
	if err != nil {
		return entry{}, err
	}
	if now := time.Now(); now.Sub(time.Unix(a.sessions.GetInt64(ctx, keySeen), 0)) >= seenStep {
		a.sessions.Put(ctx, keySeen, now.Unix())
		if _, _, err := a.sessions.Commit(ctx); errors.Is(err, errEnded) {
			return entry{}, nil
		} else if err != nil {
			return entry{}, err
		}
	}
	return entry{demo: c.Demo, principal: Principal{Role: Role(c.Role), Territoire: c.Territoire, Nom: c.Nom, Compte: c.ID,
		Organisation: c.Organisation, Session: base64.RawURLEncoding.EncodeToString(digest[:]),
		SettingUp: a.sessions.GetString(ctx, keyIDToken) == "" && a.Imposes(c)}}, nil
}

// Imposes reports whether an account that signs in with its password must first
// add a second factor. Where an identity provider vouches for somebody, the
// provider decides on factors.
func (a *Authenticator) Imposes(c atelier.Compte) bool { return a.imposed && !c.SecondFactor }

// Entry is an account that has shown who it is.
type Entry struct {
	Compte atelier.Compte
	// IDToken is the token of the identity provider that vouches for the person,
	// shown again to sign out there too; "" for a password.
	IDToken string
	// Event is the line of the log about it; without one, the person was in before.
	Event atelier.Connexion
}

// IDToken is what the identity provider gave for the session of a request; ""
// for a password's.
func (a *Authenticator) IDToken(r *http.Request) (string, error) {
	ctx, err := a.sessions.Load(r.Context(), a.cookie(r))
	if err != nil {
		return "", err
	}
	return a.sessions.GetString(ctx, keyIDToken), nil
}

// SignIn starts a session. Whatever session the browser came with ends: nobody can
// have prepared this one. It is Unauthorized when the account has changed since it
// was read.
func (a *Authenticator) SignIn(w http.ResponseWriter, r *http.Request, e Entry) (until time.Time, err error) {
	if err := a.SignOut(w, r); err != nil {
		return until, err
	}
	w.Header().Del("Set-Cookie")
	o := opening{compte: e.Compte, appareil: Appareil(r.UserAgent()), event: e.Event}
	ctx, err := a.sessions.Load(context.WithValue(r.Context(), openingKey{}, o), "")
	if err != nil {
		return until, err
	}
	a.sessions.Put(ctx, keyCompte, e.Compte.ID.String())
	a.sessions.Put(ctx, keyTerritoire, e.Compte.Territoire)
	a.sessions.Put(ctx, keySeen, time.Now().Unix())
	if e.IDToken != "" {
		a.sessions.Put(ctx, keyIDToken, e.IDToken)
	}
	token, until, err := a.sessions.Commit(ctx)
	if err != nil {
		return until, err
	}
	a.sessions.WriteSessionCookie(ctx, w, token, until)
	w.Header().Set("Cache-Control", "no-store")
	return until, nil
}

// SignOut ends the session of a request and takes the cookie back.
func (a *Authenticator) SignOut(w http.ResponseWriter, r *http.Request) error {
	ctx, err := a.sessions.Load(r.Context(), a.cookie(r))
	if err != nil {
		return err
	}
	id, _ := uuid.Parse(a.sessions.GetString(ctx, keyCompte))
	if id != uuid.Nil {
		if err := a.sessions.Destroy(ctx); err != nil {
			return err
		}
		a.known.forget(id)
	}
	a.sessions.WriteSessionCookie(ctx, w, "", time.Time{})
	w.Header().Set("Cache-Control", "no-store")
	return nil
}

// Forget makes this node ask the database again about an account, after a
// change that must hold at once; uuid.Nil for all accounts and tokens.
func (a *Authenticator) Forget(compte uuid.UUID) { a.known.forget(compte) }

// Protects reports whether a password may travel with a request: the service is
// reached by https, or the request does not leave the machine.
func (a *Authenticator) Protects(r *http.Request) bool {
	return a.secure || r.TLS != nil || FromThisMachine(r)
}
