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
	keySeen       = "seen" // Unix time of the last write
	keyAppareil   = "appareil"
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

func (s *sessionRows) CommitCtx(ctx context.Context, digest string, data []byte, expires time.Time) error {
	_, values, err := scs.GobCodec{}.Decode(data)
	if err != nil {
		return err
	}
	compte, _ := values[keyCompte].(string)
	territoire, _ := values[keyTerritoire].(string)
	appareil, _ := values[keyAppareil].(string)
	id, err := uuid.Parse(compte)
	if err != nil {
		return errors.New("a session without an account is not kept")
	}
	return s.store.SaveSession(ctx, atelier.NewSession{Territoire: territoire, Compte: id, Digest: digest, Data: data,
		Appareil: appareil, ExpiresAt: expires})
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
		if _, _, err := a.sessions.Commit(ctx); err != nil {
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

// SignIn starts a session for an account that has shown who it is. Whatever
// session the browser came with ends: nobody can have prepared this one.
func (a *Authenticator) SignIn(w http.ResponseWriter, r *http.Request, c atelier.Compte) (until time.Time, err error) {
	return a.signIn(w, r, c, "")
}

// SignInExternally is SignIn for whom an identity provider vouches; its token is
// shown again to sign out there too.
func (a *Authenticator) SignInExternally(w http.ResponseWriter, r *http.Request, c atelier.Compte, idToken string) error {
	_, err := a.signIn(w, r, c, idToken)
	return err
}

// Renew gives the session of a request a new name, after what it may do has
// changed: whoever knew the old one is out.
func (a *Authenticator) Renew(w http.ResponseWriter, r *http.Request, c atelier.Compte) error {
	idToken, err := a.IDToken(r)
	if err != nil {
		return err
	}
	return a.SignInExternally(w, r, c, idToken)
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

func (a *Authenticator) signIn(w http.ResponseWriter, r *http.Request, c atelier.Compte, idToken string) (until time.Time, err error) {
	if err := a.SignOut(w, r); err != nil {
		return until, err
	}
	w.Header().Del("Set-Cookie")
	ctx, err := a.sessions.Load(r.Context(), "")
	if err != nil {
		return until, err
	}
	a.sessions.Put(ctx, keyCompte, c.ID.String())
	a.sessions.Put(ctx, keyTerritoire, c.Territoire)
	a.sessions.Put(ctx, keySeen, time.Now().Unix())
	a.sessions.Put(ctx, keyAppareil, Appareil(r.UserAgent()))
	if idToken != "" {
		a.sessions.Put(ctx, keyIDToken, idToken)
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
