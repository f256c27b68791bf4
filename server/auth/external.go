package auth

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"quietude/server/atelier"
)

// ProviderOptions say which identity provider vouches for the staff.
type ProviderOptions struct {
	Name         string // as people know it
	Issuer       string
	ClientID     string
	ClientSecret string
	// PKCE adds a proof key to the code. ProConnect refuses parameters that it
	// does not know, others demand this one.
	PKCE bool
	// TrustEmail takes an address of which the provider does not say that it
	// checked it. Some leave the claim out when they did not: it is for those
	// that only know addresses given by an administration.
	TrustEmail bool
	// Levels are the values of acr by which the provider says that it asked for a
	// second factor. They are demanded, and whoever comes back without one of them,
	// and without mfa among the methods (amr, RFC 8176), is not let in. Without any,
	// the provider decides.
	Levels []string
	// BaseURL is our public address, without a final slash.
	BaseURL string
}

// Provider signs people in by OpenID Connect (authorization code). It is
// discovered when first needed: a provider that is down keeps nobody from
// starting the service. It is safe for concurrent use.
type Provider struct {
	ProviderOptions
	client *http.Client

	mu    sync.Mutex
	found *discovered
}

type discovered struct {
	provider *oidc.Provider
	oauth    oauth2.Config
	logout   string
}

// ReturnPath is where the provider sends people back to.
const ReturnPath = "/api/v1/connexion-externe/retour"

const (
	providerTime = 10 * time.Second
	// maxUserinfo bounds what is read of an answer about a person, in bytes.
	maxUserinfo = 64 << 10
)

// NewProvider makes a provider; it asks nothing of the network.
func NewProvider(o ProviderOptions) *Provider {
	return &Provider{ProviderOptions: o, client: &http.Client{Timeout: providerTime}}
}

// Identity is a person as the provider vouches for them.
type Identity struct {
	Issuer, Subject string
	Email           string // lower case
	IDToken         string // shown again when signing out
}

var errIdentity = errors.New("identity provider")

// ErrOneFactor says that the provider did not ask for a second factor.
var ErrOneFactor = fmt.Errorf("%w: no second factor", errIdentity)

func (p *Provider) discover() (*discovered, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil {
		return p.found, nil
	}
	// What is found outlives the request: so must its context.
	provider, err := oidc.NewProvider(p.with(context.Background()), p.Issuer)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errIdentity, err)
	}
	var more struct {
		Logout string   `json:"end_session_endpoint"`
		Styles []string `json:"token_endpoint_auth_methods_supported"`
	}
	if err := provider.Claims(&more); err != nil {
		return nil, fmt.Errorf("%w: %w", errIdentity, err)
	}
	endpoint := provider.Endpoint()
	// Trying both ways could use a code up.
	endpoint.AuthStyle = oauth2.AuthStyleInHeader
	if slices.Contains(more.Styles, "client_secret_post") {
		endpoint.AuthStyle = oauth2.AuthStyleInParams
	}
	p.found = &discovered{provider: provider, logout: more.Logout, oauth: oauth2.Config{ClientID: p.ClientID, ClientSecret: p.ClientSecret,
		Endpoint: endpoint, RedirectURL: p.BaseURL + ReturnPath, Scopes: []string{oidc.ScopeOpenID, "email"}}}
	return p.found, nil
}

func (p *Provider) with(ctx context.Context) context.Context {
	return oidc.ClientContext(ctx, p.client)
}

// Begin gives the address at the provider, and what must be remembered until
// the person is back.
func (p *Provider) Begin() (address string, attempt atelier.Attempt, err error) {
	d, err := p.discover()
	if err != nil {
		return "", attempt, err
	}
	attempt = atelier.Attempt{State: NewSecret(), Nonce: NewSecret()} // 43 characters; ProConnect wants 32
	options := []oauth2.AuthCodeOption{oidc.Nonce(attempt.Nonce)}
	if p.PKCE {
		attempt.Verifier = oauth2.GenerateVerifier()
		options = append(options, oauth2.S256ChallengeOption(attempt.Verifier))
	}
	if len(p.Levels) > 0 {
		options = append(options, oauth2.SetAuthURLParam("claims", p.demanded()))
	}
	return d.oauth.AuthCodeURL(attempt.State, options...), attempt, nil
}

// demanded is the parameter claims (OpenID Connect Core 1.0, 5.5) that asks for a
// second factor: as ProConnect wants it, where acr_values is a wish, and amr is told
// to those who ask for it.
func (p *Provider) demanded() string {
	type member struct {
		Essential bool     `json:"essential"`
		Values    []string `json:"values,omitempty"`
	}
	text, _ := json.Marshal(map[string]any{"id_token": map[string]member{"acr": {true, p.Levels}, "amr": {Essential: true}}}) // always marshals
	return string(text)
}

// twoFactors reports whether a token says that a second factor was asked for, as far
// as that is demanded.
func (p *Provider) twoFactors(id *oidc.IDToken) bool {
	var how struct {
		Level   string   `json:"acr"`
		Methods []string `json:"amr"`
	}
	return len(p.Levels) == 0 || id.Claims(&how) == nil && (slices.Contains(p.Levels, how.Level) || slices.Contains(how.Methods, "mfa"))
}

// Finish redeems what the provider sent back and says who it is. Every error is
// the same to the person: the sign-in starts over.
func (p *Provider) Finish(ctx context.Context, attempt atelier.Attempt, state, code string) (who Identity, err error) {
	if subtle.ConstantTimeCompare([]byte(attempt.State), []byte(state)) != 1 || code == "" {
		return who, fmt.Errorf("%w: another state, or no code", errIdentity)
	}
	d, err := p.discover()
	if err != nil {
		return who, err
	}
	ctx = p.with(ctx)
	var options []oauth2.AuthCodeOption
	if attempt.Verifier != "" {
		options = append(options, oauth2.VerifierOption(attempt.Verifier))
	}
	token, err := d.oauth.Exchange(ctx, code, options...)
	if err != nil {
		return who, fmt.Errorf("%w: code: %w", errIdentity, err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := d.provider.VerifierContext(ctx, &oidc.Config{ClientID: p.ClientID}).Verify(ctx, raw)
	if err != nil {
		return who, fmt.Errorf("%w: id_token: %w", errIdentity, err)
	}
	if subtle.ConstantTimeCompare([]byte(attempt.Nonce), []byte(id.Nonce)) != 1 {
		return who, fmt.Errorf("%w: another nonce", errIdentity)
	}
	if !p.twoFactors(id) {
		return who, ErrOneFactor
	}
	about, err := p.userinfo(ctx, d, token)
	if err != nil {
		return who, err
	}
	if id.Subject == "" || about.Subject != id.Subject {
		return who, fmt.Errorf("%w: userinfo of another person", errIdentity)
	}
	if about.Verified == nil && !p.TrustEmail || about.Verified != nil && !*about.Verified {
		about.Email = "" // nobody vouches for it
	}
	return Identity{Issuer: id.Issuer, Subject: id.Subject, Email: strings.ToLower(strings.TrimSpace(about.Email)), IDToken: raw}, nil
}

type userinfo struct {
	Subject  string `json:"sub"`
	Email    string `json:"email"`
	Verified *bool  `json:"email_verified"` // nil where the provider does not say
}

// userinfo asks about the person. The answer may be JSON or, as ProConnect's, a
// signed JWT: then its signature, issuer and audience must be right too
// (OpenID Connect Core 1.0, 5.3.2); it needs no end of its own.
func (p *Provider) userinfo(ctx context.Context, d *discovered, token *oauth2.Token) (about userinfo, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, d.provider.UserInfoEndpoint(), nil)
	if err != nil {
		return about, err
	}
	token.SetAuthHeader(request)
	response, err := p.client.Do(request)
	if err != nil {
		return about, fmt.Errorf("%w: userinfo: %w", errIdentity, err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxUserinfo))
	if err != nil || response.StatusCode != http.StatusOK {
		return about, fmt.Errorf("%w: userinfo: %d %w", errIdentity, response.StatusCode, err)
	}
	media, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type")) // "" is JSON, or else fails below
	if media != "application/jwt" {
		if err := json.Unmarshal(body, &about); err != nil {
			return about, fmt.Errorf("%w: userinfo: %w", errIdentity, err)
		}
		return about, nil
	}
	signed, err := d.provider.VerifierContext(ctx, &oidc.Config{ClientID: p.ClientID, SkipExpiryCheck: true}).Verify(ctx, strings.TrimSpace(string(body)))
	if err != nil {
		return about, fmt.Errorf("%w: signed userinfo: %w", errIdentity, err)
	}
	if err := signed.Claims(&about); err != nil {
		return about, fmt.Errorf("%w: signed userinfo: %w", errIdentity, err)
	}
	return about, nil
}

// LogoutURL is where the person signs out at the provider too; "" where that is
// not possible.
func (p *Provider) LogoutURL(idToken string) string {
	d, err := p.discover()
	if err != nil || d.logout == "" || idToken == "" {
		return "" // signed out here all the same
	}
	target, err := url.Parse(d.logout)
	if err != nil {
		return ""
	}
	query := target.Query()
	query.Set("id_token_hint", idToken)
	query.Set("post_logout_redirect_uri", p.BaseURL+"/connexion")
	query.Set("state", NewSecret())
	target.RawQuery = query.Encode()
	return target.String()
}

// attemptTime is how long somebody may take at the provider.
const attemptTime = 10 * time.Minute

// KeepAttempt gives the browser the cookie by which its attempt is found again;
// "" takes it back.
func (a *Authenticator) KeepAttempt(w http.ResponseWriter, secret string) {
	c := &http.Cookie{Name: a.attemptCookie(), Value: secret, Path: "/", Secure: a.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
		MaxAge: int(attemptTime.Seconds())}
	if secret == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

// AttemptOf is the value of that cookie; "" without one.
func (a *Authenticator) AttemptOf(r *http.Request) string {
	c, err := r.Cookie(a.attemptCookie())
	if err != nil || len(c.Value) > 128 {
		return ""
	}
	return c.Value
}

func (a *Authenticator) attemptCookie() string { return a.sessions.Cookie.Name + "-externe" }
