package auth

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"quietude/server/atelier"
)

// saying is an identity provider that answers whatever a fuzzer says, signed
// with the right key or not.
type saying struct {
	URL                   string
	key                   *ecdsa.PrivateKey
	token, about, aboutIs string // id_token and userinfo as they travel, and its media type
}

func newSaying(f *testing.F) *saying {
	f.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	return &saying{URL: "https://fournisseur.example.fr", key: key}
}

// RoundTrip answers without a network, whose timing would look like news.
func (s *saying) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	s.answer(w, r)
	return w.Result(), nil
}

func (s *saying) answer(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	var out any
	switch r.URL.Path {
	case "/.well-known/openid-configuration":
		out = map[string]any{"issuer": s.URL, "authorization_endpoint": s.URL + "/a", "token_endpoint": s.URL + "/token", "jwks_uri": s.URL + "/keys",
			"userinfo_endpoint": s.URL + "/about", "id_token_signing_alg_values_supported": []string{"ES256"}}
	case "/keys":
		point, err := s.key.PublicKey.Bytes()
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		out = map[string]any{"keys": []any{map[string]any{"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": "1",
			"x": base64.RawURLEncoding.EncodeToString(point[1:33]), "y": base64.RawURLEncoding.EncodeToString(point[33:])}}}
	case "/token":
		out = map[string]any{"access_token": "x", "token_type": "Bearer", "id_token": s.token}
	default:
		w.Header().Set("Content-Type", s.aboutIs)
		_, _ = w.Write([]byte(s.about))
		return
	}
	_ = json.NewEncoder(w).Encode(out)
}

// signed is a JWT of claims that may be any bytes.
func (s *saying) signed(claims string) string {
	head := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"ES256","kid":"1"}`)) + "." + base64.RawURLEncoding.EncodeToString([]byte(claims))
	digest := sha256.Sum256([]byte(head))
	a, b, err := ecdsa.Sign(rand.Reader, s.key, digest[:])
	if err != nil {
		return ""
	}
	return head + "." + base64.RawURLEncoding.EncodeToString(append(a.FillBytes(make([]byte, 32)), b.FillBytes(make([]byte, 32))...))
}

// FuzzExternalIdentity has a provider say anything about a person: nobody is
// somebody unless both answers are about the same subject, with our nonce, and an
// address is believed only where it was checked.
func FuzzExternalIdentity(f *testing.F) {
	s := newSaying(f)
	const nonce = "celui-de-cette-tentative-et-d-aucune-autre"
	id := func(sub string) string {
		return fmt.Sprintf(`{"iss":"%s","aud":"nous","sub":%q,"nonce":"%s","exp":%d}`, s.URL, sub, nonce, time.Now().Add(24*time.Hour).Unix())
	}
	about := func(sub string) string {
		return fmt.Sprintf(`{"iss":"%s","aud":"nous","sub":%q,"email":"A@Exemple.fr","email_verified":true}`, s.URL, sub)
	}
	f.Add(id("camille"), about("camille"), "application/json", true, true)
	f.Add(id("camille"), about("camille"), "application/jwt", true, true)
	f.Add(id("camille"), about("alix"), "application/json", true, true)
	f.Add(id(""), about(""), "application/json", true, true)
	f.Add(`{"iss":1,"aud":{},"exp":1e999}`, `[]`, "application/jwt; charset=\"", true, false)
	f.Add(`{"sub":"a","SUB":"b","nonce":null}`, `{"sub":"a","sub":"b","email_verified":"true"}`, "application/JWT", false, false)
	f.Add("..", strings.Repeat("[", 10000), "", false, false)
	p := NewProvider(ProviderOptions{Issuer: s.URL, ClientID: "nous", BaseURL: "https://nous.example.fr"})
	p.client.Transport = s
	f.Fuzz(func(t *testing.T, claims, person, media string, signedID, signedPerson bool) {
		s.token, s.about, s.aboutIs = claims, person, media
		if signedID {
			s.token = s.signed(claims)
		}
		if signedPerson && media == "application/jwt" {
			s.about = s.signed(person)
		}
		who, err := p.Finish(t.Context(), atelier.Attempt{State: "etat", Nonce: nonce}, "etat", "code")
		if err != nil {
			if who != (Identity{}) {
				t.Errorf("refused, and yet %+v", who)
			}
			return
		}
		if !signedID {
			t.Fatalf("believed without a signature: %+v", who)
		}
		var token, told struct {
			Sub, Nonce, Email string
			Verified          *bool `json:"email_verified"`
		}
		if json.Unmarshal([]byte(claims), &token) != nil || json.Unmarshal([]byte(person), &told) != nil {
			t.Fatalf("believed what is no JSON: %+v", who)
		}
		if who.Subject == "" || who.Subject != token.Sub || token.Sub != told.Sub || token.Nonce != nonce || who.Issuer != s.URL {
			t.Errorf("%+v by %s and %s", who, claims, person)
		}
		if who.Email != "" && (told.Verified == nil || !*told.Verified) {
			t.Errorf("an address that nobody checked: %+v", who)
		}
	})
}
