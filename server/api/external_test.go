package api_test

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"quietude/server/atelier"
	"quietude/server/auth"
	"quietude/server/pgtest"
)

// strangers are whom the provider knows, by name.
type strangers map[string]*storage.User

func (p strangers) GetUserByID(id string) *storage.User {
	for _, u := range p {
		if u.ID == id {
			return u
		}
	}
	return nil
}
func (p strangers) GetUserByUsername(name string) *storage.User { return p[name] }
func (p strangers) ExampleClientID() string                     { return "unused" }

const (
	oidcClient = "quietude"
	oidcSecret = "secret-of-the-tests"
	ourAddress = "https://quietude.example.fr"
)

// rows are what the provider stores, with a client that may come back after
// signing out and sends its secret in the body, as ProConnect's do.
type rows struct {
	*storage.Storage
	how *method
}

type returning struct{ op.Client }

func (returning) PostLogoutRedirectURIs() []string { return []string{ourAddress + "/connexion"} }
func (returning) AuthMethod() oidc.AuthMethod      { return oidc.AuthMethodPost }

func (r rows) GetClientByClientID(ctx context.Context, id string) (op.Client, error) {
	c, err := r.Storage.GetClientByClientID(ctx, id)
	return returning{c}, err
}

// vouched is a sign-in of which the provider says how it was done.
type vouched struct {
	op.AuthRequest
	how *method
}

type method struct {
	level   string
	methods []string
}

func (v vouched) GetACR() string   { return v.how.level }
func (v vouched) GetAMR() []string { return v.how.methods }

// AuthRequestByCode is what a token is made from.
func (r rows) AuthRequestByCode(ctx context.Context, code string) (op.AuthRequest, error) {
	request, err := r.Storage.AuthRequestByCode(ctx, code)
	return vouched{request, r.how}, err
}

// provider is an identity provider in this process. sign, when set, makes a
// signed answer about a person, of which it may change the claims; how is the way in
// which it had people sign in.
type provider struct {
	*httptest.Server
	t     *testing.T
	users strangers
	sign  func(claims map[string]any)
	how   method
}

func newProvider(t *testing.T) *provider {
	t.Helper()
	p := &provider{t: t, users: strangers{}, how: method{methods: []string{"pwd"}}}
	p.Server = httptest.NewUnstartedServer(nil)
	issuer := "http://" + p.Listener.Addr().String()
	held := rows{storage.NewStorageWithClients(p.users, map[string]*storage.Client{
		oidcClient: storage.WebClient(oidcClient, oidcSecret, ourAddress+auth.ReturnPath)}), &p.how}
	inner := exampleop.SetupServer(issuer, held, nil, false)
	p.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/userinfo" || p.sign == nil {
			inner.ServeHTTP(w, r)
			return
		}
		plain := httptest.NewRecorder()
		inner.ServeHTTP(plain, r)
		claims := map[string]any{}
		if err := json.Unmarshal(plain.Body.Bytes(), &claims); err != nil {
			t.Errorf("userinfo: %v: %s", err, plain.Body)
		}
		claims["iss"], claims["aud"] = issuer, oidcClient
		p.sign(claims)
		text, _ := json.Marshal(claims) // maps of strings always marshal
		key, err := held.SigningKey(r.Context())
		if err != nil {
			t.Error(err)
			return
		}
		signer, err := jose.NewSigner(jose.SigningKey{Algorithm: key.SignatureAlgorithm(), Key: jose.JSONWebKey{Key: key.Key(), KeyID: key.ID()}}, nil)
		if err != nil {
			t.Error(err)
			return
		}
		signed, err := signer.Sign(text)
		if err != nil {
			t.Error(err)
			return
		}
		compact, _ := signed.CompactSerialize() // one signature always has that form
		w.Header().Set("Content-Type", "application/jwt")
		_, _ = w.Write([]byte(compact))
	})
	p.Start()
	t.Cleanup(p.Close)
	return p
}

// knows adds a person to the provider.
func (p *provider) knows(name, email string) {
	p.users[name] = &storage.User{ID: "sub-" + name, Username: name, Password: "verysecure", Email: email, EmailVerified: true}
}

func (p *provider) node(pkce, trust bool, levels ...string) *node {
	n := newNode(p.t)
	n.external = auth.NewProvider(auth.ProviderOptions{Name: "Essai", Issuer: p.URL, ClientID: oidcClient, ClientSecret: oidcSecret, PKCE: pkce, TrustEmail: trust, Levels: levels, BaseURL: ourAddress})
	n.start()
	return n.by(auth.Public)
}

// visits follows an address at the provider as a browser does up to ours, and
// returns that one.
func (p *provider) visits(name, address string) *url.URL {
	p.t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	step := func(response *http.Response, err error) *url.URL {
		p.t.Helper()
		if err != nil {
			p.t.Fatal(err)
		}
		_ = response.Body.Close()
		to, err := response.Location()
		if err != nil {
			p.t.Fatalf("%s: %d %v", response.Request.URL, response.StatusCode, err)
		}
		return to
	}
	login := step(client.Get(address))
	to := step(client.PostForm(p.URL+login.Path, url.Values{"id": {login.Query().Get("authRequestID")}, "username": {name}, "password": {"verysecure"}}))
	return step(client.Get(to.String()))
}

// leaves begins a sign-in: the address at the provider, and the browser's cookie.
func (n *node) leaves(query string) (address *url.URL, cookie string) {
	n.t.Helper()
	w := n.get("/api/v1/connexion-externe" + query)
	want(n.t, "leaving", w, http.StatusFound)
	address, err := url.Parse(w.Header().Get("Location"))
	if err != nil {
		n.t.Fatal(err)
	}
	cookies := w.Result().Cookies()
	if len(cookies) != 1 || !cookies[0].HttpOnly || cookies[0].SameSite != http.SameSiteLaxMode {
		n.t.Fatalf("cookies %v", cookies)
	}
	return address, cookies[0].Name + "=" + cookies[0].Value
}

// comes brings the browser back from the provider.
func (n *node) comes(back *url.URL, cookie string) *httptest.ResponseRecorder {
	n.t.Helper()
	w := n.with(http.MethodGet, back.RequestURI(), cookie)
	want(n.t, "back", w, http.StatusFound)
	return w
}

func (n *node) sessions() (count int) {
	n.t.Helper()
	if err := n.pool.QueryRow(n.t.Context(), "select count(*) from session").Scan(&count); err != nil {
		n.t.Fatal(err)
	}
	return count
}

// sessionCookie is the session that an answer gives; "" for none.
func sessionCookie(w *httptest.ResponseRecorder) string {
	for _, c := range w.Result().Cookies() {
		if c.Name == "quietude" && c.Value != "" {
			return c.Name + "=" + c.Value
		}
	}
	return ""
}

// TestExternalSignIn: with a plain and with a signed answer about the person,
// with a proof key and without, an account of that address is entered; the
// person keeps it when their address changes; signing out ends both sessions.
func TestExternalSignIn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		pkce bool
		sign func(map[string]any)
	}{
		"plain":             {false, nil},
		"signed, proof key": {true, func(claims map[string]any) { delete(claims, "email_verified") }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProvider(t)
			p.sign = c.sign
			n := p.node(c.pkce, c.sign != nil)
			compte := n.compte(auth.Police)
			p.knows("lou", strings.ToUpper(compte.Email))
			address, cookie := n.leaves("?retour=/police?theme=BRU")
			asked := slices.Sorted(maps.Keys(address.Query()))
			expected := []string{"client_id", "nonce", "redirect_uri", "response_type", "scope", "state"}
			if c.pkce {
				expected = slices.Sorted(slices.Values(append(expected, "code_challenge", "code_challenge_method")))
			}
			if !slices.Equal(asked, expected) || len(address.Query().Get("state")) < 32 || len(address.Query().Get("nonce")) < 32 {
				t.Fatalf("asked of the provider: %v", address)
			}
			w := n.comes(p.visits("lou", address.String()), cookie)
			session := sessionCookie(w)
			if w.Header().Get("Location") != "/police?theme=BRU" || session == "" {
				t.Fatalf("back: %v %s", w.Header(), n.log)
			}
			var who struct{ Role, Nom, Externe string }
			n.into(n.with(http.MethodGet, "/api/v1/session", session), http.StatusOK, &who)
			if who.Role != "police" || who.Nom != compte.Nom || who.Externe != "Essai" {
				t.Errorf("signed in as %+v", who)
			}
			p.knows("lou", "autre@exemple.fr")
			address, cookie = n.leaves("?retour=//ailleurs.example")
			w = n.comes(p.visits("lou", address.String()), cookie)
			if w.Header().Get("Location") != "/police" || sessionCookie(w) == "" {
				t.Errorf("with a new address: %v", w.Header())
			}
			// Whoever takes over the address at the provider does not get the account.
			p.knows("max", compte.Email)
			address, cookie = n.leaves("")
			n.refused(n.comes(p.visits("max", address.String()), cookie), "sans-compte")
			var out struct{ Suite string }
			n.into(n.send(http.MethodDelete, "/api/v1/session", session, ""), http.StatusOK, &out)
			end, err := url.Parse(out.Suite)
			if err != nil || end.Query().Get("post_logout_redirect_uri") != ourAddress+"/connexion" {
				t.Fatalf("signing out: %q %v", out.Suite, err)
			}
			client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
			response, err := client.Get(out.Suite)
			if err != nil {
				t.Fatal(err)
			}
			_ = response.Body.Close()
			if to := response.Header.Get("Location"); !strings.HasPrefix(to, ourAddress+"/connexion") {
				t.Errorf("the provider sends to %q (%d)", to, response.StatusCode)
			}
			want(t, "the session afterwards", n.with(http.MethodGet, "/api/v1/compte", session), http.StatusUnauthorized)
		})
	}
}

func (n *node) refused(w *httptest.ResponseRecorder, word string) {
	n.t.Helper()
	if w.Header().Get("Location") != "/connexion?echec="+word || sessionCookie(w) != "" {
		n.t.Errorf("want a refusal %q, got %v", word, w.Header())
	}
}

// TestSecondFactorOfTheProvider: where levels are given, they are demanded of the
// provider, and whoever comes back without one of them and without mfa opens nothing,
// binds nothing, and is written down; where none is, the provider decides.
func TestSecondFactorOfTheProvider(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	const strong = "https://proconnect.gouv.fr/assurance/self-asserted-2fa"
	n := p.node(false, false, "eidas2", strong)
	compte := n.compte(auth.Police)
	p.knows("lou", compte.Email)
	signIn := func(n *node) *httptest.ResponseRecorder {
		address, cookie := n.leaves("")
		var asked struct {
			Token map[string]struct {
				Essential bool
				Values    []string
			} `json:"id_token"`
		}
		if claims := address.Query().Get("claims"); n.external.Levels != nil {
			if err := json.Unmarshal([]byte(claims), &asked); err != nil || !asked.Token["amr"].Essential || !asked.Token["acr"].Essential || !slices.Equal(asked.Token["acr"].Values, n.external.Levels) {
				t.Errorf("demanded of the provider: %s, %v", claims, err)
			}
		}
		return n.comes(p.visits("lou", address.String()), cookie)
	}
	weak := []method{{}, {"eidas1", []string{"pwd"}}, {"", []string{"pwd", "mail"}}, {"eidas2 " + strong, nil}, {"EIDAS2", []string{"MFA"}}}
	for _, p.how = range weak {
		n.refused(signIn(n), "facteur")
	}
	var bound int
	if err := n.pool.QueryRow(t.Context(), "select count(*) from compte where oidc_subject is not null").Scan(&bound); err != nil || bound != 0 {
		t.Errorf("%d accounts are bound, %v", bound, err)
	}
	tries := 0
	log, _ := n.events(auth.DPO)
	for _, e := range log {
		if e.Evenement != "connexion_refusee" || e.Details["raison"] != "facteur" || e.Details["fournisseur"] == "" || e.Nom != "" {
			t.Errorf("line %+v", e)
		}
		some, err := strconv.Atoi(e.Details["essais"])
		if err != nil {
			t.Error(err)
		}
		tries += some
	}
	if tries != len(weak) || len(log) > 2 { // two when the hour ends meanwhile
		t.Errorf("%d tries in %d lines, want %d", tries, len(log), len(weak))
	}
	for _, p.how = range []method{{"eidas2", []string{"pwd"}}, {strong, nil}, {"", []string{"pwd", "totp", "mfa"}}} {
		if w := signIn(n); sessionCookie(w) == "" {
			t.Errorf("%+v: %v %s", p.how, w.Header(), n.log)
		}
	}
	// A provider that cannot do what is demanded sends the person back with an error.
	_, cookie := n.leaves("")
	back, _ := url.Parse(auth.ReturnPath + "?state=x&error=unmet_authentication_requirements") // parses
	n.refused(n.comes(back, cookie), "facteur")

	p.how = method{methods: []string{"pwd"}}
	free := p.node(false, false)
	p.knows("lou", free.compte(auth.Police).Email)
	if w := signIn(free); sessionCookie(w) == "" {
		t.Errorf("the provider decides: %v %s", w.Header(), free.log)
	}
}

// TestExternalSignInIsRefused: whatever is not exactly what was asked for opens
// no session, and no account is made.
func TestExternalSignInIsRefused(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	n := p.node(false, false)
	compte := n.compte(auth.Animateur)
	closed := n.compte(auth.Police, func(c *atelier.Compte) { c.Email = "ferme@exemple.fr" })
	if err := n.store.DisableCompte(t.Context(), closed, true, atelier.AccountClosed.About(closed)); err != nil {
		t.Fatal(err)
	}
	p.knows("lou", compte.Email)
	p.knows("nul", "personne@exemple.fr")
	p.knows("ferme", closed.Email)
	p.knows("vide", compte.Email)
	p.users["vide"].EmailVerified = false // which this provider says by saying nothing
	before := n.sessions()
	with := func(back *url.URL, name, value string) *url.URL {
		changed := *back
		query := changed.Query()
		query.Set(name, value)
		changed.RawQuery = query.Encode()
		return &changed
	}

	address, cookie := n.leaves("")
	back := p.visits("lou", address.String())
	n.refused(n.comes(with(back, "state", strings.Repeat("x", 43)), cookie), "interrompue")
	n.refused(n.comes(back, cookie), "interrompue") // that was its only try

	address, cookie = n.leaves("")
	back = p.visits("lou", address.String())
	n.refused(n.comes(back, ""), "interrompue") // in another browser
	_, other := n.leaves("")
	n.refused(n.comes(back, other), "interrompue") // for somebody else's attempt

	address, cookie = n.leaves("")
	n.refused(n.comes(p.visits("lou", with(address, "nonce", strings.Repeat("x", 43)).String()), cookie), "interrompue")

	for name, word := range map[string]string{"nul": "sans-compte", "ferme": "sans-compte", "vide": "sans-compte"} {
		address, cookie = n.leaves("")
		n.refused(n.comes(p.visits(name, address.String()), cookie), word)
	}
	for claim, value := range map[string]string{"aud": "another-client", "iss": "https://another.example", "sub": "sub-nul"} {
		p.sign = func(claims map[string]any) { claims[claim] = value }
		address, cookie = n.leaves("")
		n.refused(n.comes(p.visits("lou", address.String()), cookie), "interrompue")
	}
	p.sign = nil
	if after := n.sessions(); after != before {
		t.Errorf("%d sessions were opened", after-before)
	}

	// A code works once: the second browser brings it with its own state.
	address, cookie = n.leaves("")
	back = p.visits("lou", address.String())
	if w := n.comes(back, cookie); sessionCookie(w) == "" {
		t.Fatalf("the right way: %v %s", w.Header(), n.log)
	}
	address, cookie = n.leaves("")
	n.refused(n.comes(with(back, "state", address.Query().Get("state")), cookie), "interrompue")
	if log := n.log.String(); strings.Contains(log, compte.Email) || strings.Contains(log, back.Query().Get("code")) {
		t.Error("the log names a person or a code")
	}
	var comptes int
	if err := n.pool.QueryRow(t.Context(), "select count(*) from compte where email = 'personne@exemple.fr'").Scan(&comptes); err != nil || comptes != 0 {
		t.Errorf("%d accounts made, %v", comptes, err)
	}
	bare := newNode(t).by(auth.Public)
	want(t, "without a provider", bare.get("/api/v1/connexion-externe"), http.StatusNotFound)
}

// TestDeparturesAreBounded: whoever goes on leaving for the identity provider without
// coming back fills no table, and those of other addresses leave all the while.
func TestDeparturesAreBounded(t *testing.T) {
	t.Parallel()
	n := newProvider(t).node(false, false)
	leave := func(from string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, "/api/v1/connexion-externe", nil)
		r.RemoteAddr = from
		return n.by(auth.Public).do(r)
	}
	refused := 0
	for range 400 {
		if w := leave("203.0.113.9:4000"); w.Code == http.StatusTooManyRequests {
			if refused++; w.Header().Get("Retry-After") == "" {
				t.Error("429 without Retry-After")
			}
		}
	}
	if kept := pgtest.Count(t, n.pool, "select count(*) from oidc_attempt"); refused == 0 || kept != 400-refused {
		t.Errorf("%d rows, %d refused", kept, refused)
	}
	want(t, "from elsewhere", leave("198.51.100.7:4000"), http.StatusFound)
}
