package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/google/uuid"

	"quietude/server/atelier"
	"quietude/server/auth"
	"quietude/server/pgtest"
)

const goodPassword = "cheval agrafe pile correcte"

// compte adds an account with goodPassword.
func (n *node) compte(role auth.Role, change ...func(*atelier.Compte)) atelier.Compte {
	n.t.Helper()
	hash, err := auth.Hash(n.t.Context(), goodPassword)
	if err != nil {
		n.t.Fatal(err)
	}
	c := atelier.Compte{Territoire: n.city.Code, Email: uuid.NewString() + "@exemple.fr", Nom: "Camille Essai", Role: string(role), Password: hash}
	for _, f := range change {
		f(&c)
	}
	made, err := n.store.AddCompte(n.t.Context(), c)
	if err != nil {
		n.t.Fatal(err)
	}
	return made
}

// signIn posts a login from an address, with the cookie that the browser has.
func (n *node) signIn(email, password, from, cookie string, headers ...string) *httptest.ResponseRecorder {
	n.t.Helper()
	body, err := json.Marshal(map[string]string{"email": email, "password": password})
	if err != nil {
		n.t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/api/v1/session", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.RemoteAddr = from
	if cookie != "" {
		r.Header.Set("Cookie", cookie)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return n.by(auth.Public).do(r)
}

// here is an address of the machine itself.
const here = "127.0.0.1:4000"

// session signs in and gives the cookie as a browser sends it.
func (n *node) session(c atelier.Compte) string {
	n.t.Helper()
	return cookieOf(n.t, n.signIn(c.Email, goodPassword, here, ""))
}

func cookieOf(t testing.TB, w *httptest.ResponseRecorder) string {
	t.Helper()
	if w.Code != http.StatusOK {
		t.Fatalf("signing in: %d %s", w.Code, w.Body)
	}
	cookies := w.Result().Cookies()
	if len(cookies) != 1 {
		t.Fatalf("%d cookies", len(cookies))
	}
	return cookies[0].Name + "=" + cookies[0].Value
}

// with sends a request with a cookie.
func (n *node) with(method, path, cookie string) *httptest.ResponseRecorder {
	n.t.Helper()
	r := httptest.NewRequest(method, path, nil)
	r.Header.Set("Cookie", cookie)
	return n.by(auth.Public).do(r)
}

const staffOnlyPath = "/api/v1/quartiers/CE/hexagones"

func TestSignInAndOut(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	c := n.compte(auth.Analyste)
	w := n.signIn(strings.ToUpper(c.Email), goodPassword, here, "")
	var who struct{ Role, Nom, Territoire, Home string }
	n.into(w, http.StatusOK, &who)
	if who.Role != "analyste" || who.Nom != c.Nom || who.Territoire != n.city.Code || who.Home == "" {
		t.Errorf("signed in as %+v", who)
	}
	got := w.Result().Cookies()[0]
	if !got.HttpOnly || got.SameSite != http.SameSiteLaxMode || got.Path != "/" || got.Domain != "" || got.Secure || got.MaxAge <= 0 {
		t.Errorf("cookie %+v", got)
	}
	if w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("Cache-Control %q", w.Header().Get("Cache-Control"))
	}
	cookie := cookieOf(t, w)
	if w := n.with(http.MethodGet, staffOnlyPath, cookie); w.Code != http.StatusOK {
		t.Errorf("with a session: %d", w.Code)
	}
	if strings.Contains(n.log.String(), got.Value) || strings.Contains(n.log.String(), c.Email) {
		t.Error("the log holds a secret or a person")
	}
	out := n.with(http.MethodDelete, "/api/v1/session", cookie)
	if out.Code != http.StatusNoContent || out.Result().Cookies()[0].MaxAge >= 0 {
		t.Errorf("signing out: %d %v", out.Code, out.Result().Cookies())
	}
	if w := n.with(http.MethodGet, staffOnlyPath, cookie); w.Code != http.StatusUnauthorized {
		t.Errorf("the cookie after signing out: %d", w.Code)
	}
}

// TestSessionIsNeverTheOneBrought: whatever cookie a browser comes with, the
// session after signing in is a new one, and the old one is dead.
func TestSessionIsNeverTheOneBrought(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	c := n.compte(auth.Police)
	old := n.session(c)
	for _, brought := range []string{old, "quietude=" + strings.Repeat("A", 43), "quietude=x; quietude=y"} {
		if fresh := cookieOf(t, n.signIn(c.Email, goodPassword, here, brought)); fresh == brought || !strings.HasPrefix(fresh, "quietude=") {
			t.Errorf("the session is the one that was brought: %s", fresh)
		}
	}
	if w := n.with(http.MethodGet, staffOnlyPath, old); w.Code != http.StatusUnauthorized {
		t.Errorf("the session before signing in again: %d", w.Code)
	}
}

// TestFailuresLookAlike: an unknown address, a wrong password, a closed account,
// one without a password and one of the demonstration from afar are answered in
// the same bytes.
func TestFailuresLookAlike(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	n.secure = true
	n.start()
	known, none := n.compte(auth.Police), n.compte(auth.Police, func(c *atelier.Compte) { c.Password = "" })
	closed, demo := n.compte(auth.Police), n.compte(auth.Police, func(c *atelier.Compte) { c.Demo = true })
	if err := n.store.DisableCompte(t.Context(), closed, true, atelier.AccountClosed.About(closed)); err != nil {
		t.Fatal(err)
	}
	bodies := map[string]bool{}
	for name, w := range map[string]*httptest.ResponseRecorder{
		"unknown":              n.signIn("personne@exemple.fr", goodPassword, here, ""),
		"wrong":                n.signIn(known.Email, "cheval agrafe pile fausse", here, ""),
		"without":              n.signIn(none.Email, "personne", here, ""),
		"closed":               n.signIn(closed.Email, goodPassword, here, ""),
		"demo from afar":       n.signIn(demo.Email, goodPassword, "203.0.113.9:4000", ""),
		"demo through a proxy": n.signIn(demo.Email, goodPassword, here, "", "X-Forwarded-For", "127.0.0.1"),
	} {
		if w.Code != http.StatusUnauthorized || len(w.Result().Cookies()) > 0 {
			t.Errorf("%s: %d, %v", name, w.Code, w.Result().Cookies())
		}
		bodies[w.Body.String()] = true
	}
	if len(bodies) != 1 {
		t.Errorf("the answers differ: %v", bodies)
	}
	w := n.signIn(known.Email, goodPassword, "203.0.113.9:4000", "")
	if got := cookieOf(t, w); !strings.HasPrefix(got, "__Host-quietude=") || !w.Result().Cookies()[0].Secure {
		t.Errorf("over https the cookie is %v", w.Result().Cookies())
	}
}

// TestNoPasswordInTheClear: without https only the machine itself may sign in.
func TestNoPasswordInTheClear(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	c := n.compte(auth.Police)
	if w := n.signIn(c.Email, goodPassword, "203.0.113.9:4000", ""); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "connexion_non_protegee") {
		t.Errorf("from afar without https: %d %s", w.Code, w.Body)
	}
}

// TestClosedAtOnce: a closed account's sessions end on this node at once, and so
// does a revoked token.
func TestClosedAtOnce(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	c := n.compte(auth.Police)
	cookie := n.session(c)
	if w := n.with(http.MethodGet, staffOnlyPath, cookie); w.Code != http.StatusOK {
		t.Fatalf("with a session: %d", w.Code)
	}
	if err := n.store.DisableCompte(t.Context(), c, true, atelier.AccountClosed.About(c)); err != nil {
		t.Fatal(err)
	}
	n.api.Auth.Forget(c.ID)
	if w := n.with(http.MethodGet, staffOnlyPath, cookie); w.Code != http.StatusUnauthorized {
		t.Errorf("after closing: %d", w.Code)
	}
	if w := n.signIn(c.Email, goodPassword, here, ""); w.Code != http.StatusUnauthorized {
		t.Errorf("signing in to a closed account: %d", w.Code)
	}
}

// TestRepeatedTilesAskNoDatabase counts what a session costs: once in a while,
// not for each tile.
func TestRepeatedTilesAskNoDatabase(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	cookie := n.session(n.compte(auth.Police))
	n.with(http.MethodGet, "/api/v1/session", cookie)
	before := n.pool.Stat().AcquireCount()
	for range 50 {
		if w := n.with(http.MethodGet, "/api/v1/session", cookie); !strings.Contains(w.Body.String(), "police") {
			t.Fatalf("not signed in: %s", w.Body)
		}
	}
	if asked := n.pool.Stat().AcquireCount() - before; asked > 4 { // two, should four seconds pass
		t.Errorf("fifty requests asked the database %d times", asked)
	}
}

// TestExpiredSession has one whose time is over, and one that was replayed after
// its row had gone.
func TestExpiredSession(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	cookie := n.session(n.compte(auth.Police))
	if _, err := n.pool.Exec(t.Context(), "update session set expires_at = clock_timestamp() - interval '1 second'"); err != nil {
		t.Fatal(err)
	}
	if w := n.with(http.MethodGet, staffOnlyPath, cookie); w.Code != http.StatusUnauthorized {
		t.Errorf("an expired session: %d", w.Code)
	}
	if err := n.store.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	if w := n.with(http.MethodGet, staffOnlyPath, cookie); w.Code != http.StatusUnauthorized {
		t.Errorf("a session that has gone: %d", w.Code)
	}
	if w := n.with(http.MethodGet, "/api/v1/quartiers", cookie); w.Code != http.StatusOK {
		t.Errorf("what is for everyone, with an old cookie: %d", w.Code)
	}
}

// TestSessionEndsByIdlenessAndByAge: a session lasts three hours after its last
// request, and twelve hours whatever is asked for. That a row which has expired
// opens nothing is TestExpiredSession's.
func TestSessionEndsByIdlenessAndByAge(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	c := n.compte(auth.Police)
	cookie := n.session(c)
	var digest string
	var data []byte
	var expires time.Time
	read := func() {
		t.Helper()
		n.api.Auth.Forget(c.ID)
		if err := n.pool.QueryRow(t.Context(), "select digest, data, expires_at from session").Scan(&digest, &data, &expires); err != nil {
			t.Fatal(err)
		}
	}
	within := func(what string, got time.Time, from, to time.Duration) {
		t.Helper()
		if left := time.Until(got); left < from || left > to {
			t.Errorf("%s: %v left, want between %v and %v", what, left, from, to)
		}
	}
	read()
	within("without a request", expires, 3*time.Hour-time.Minute, 3*time.Hour)
	age, values, err := scs.GobCodec{}.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	within("whatever is asked for", age, 12*time.Hour-time.Minute, 12*time.Hour)
	// Eleven hours and fifty minutes later, after a request every hour.
	save := func(age time.Time) {
		t.Helper()
		values["seen"] = time.Now().Add(-time.Hour).Unix()
		data, err := scs.GobCodec{}.Encode(age, values)
		if err != nil {
			t.Fatal(err)
		}
		if found, err := n.store.ProlongSession(t.Context(), digest, data, time.Now().Add(2*time.Hour)); err != nil || !found {
			t.Fatal(found, err)
		}
		n.api.Auth.Forget(c.ID)
	}
	save(time.Now().Add(10 * time.Minute))
	want(t, "in its last minutes", n.with(http.MethodGet, staffOnlyPath, cookie), http.StatusOK)
	read()
	within("prolonged by a request", expires, 9*time.Minute, 10*time.Minute)
	// An hour and a half into a quiet session, a request prolongs it.
	save(time.Now().Add(8 * time.Hour))
	want(t, "after an hour", n.with(http.MethodGet, staffOnlyPath, cookie), http.StatusOK)
	read()
	within("prolonged by a request", expires, 3*time.Hour-time.Minute, 3*time.Hour)
}

// TestGuessesAreBounded: one address runs out of tries on one account, the
// person signs in from elsewhere all the while, and a whole town hall is not
// locked out by one who forgets.
func TestGuessesAreBounded(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	n.secure = true
	n.start()
	victim, colleague := n.compte(auth.Police), n.compte(auth.Analyste)
	const hall, home = "203.0.113.9:4000", "198.51.100.7:4000"
	tries := 0
	for ; tries < 20; tries++ {
		// A spoofed header moves nobody to another count.
		w := n.signIn(victim.Email, "essai numéro tant", hall, "", "X-Forwarded-For", fmt.Sprintf("198.51.100.%d", tries))
		if w.Code == http.StatusTooManyRequests {
			if w.Header().Get("Retry-After") == "" {
				t.Error("429 without Retry-After")
			}
			break
		}
	}
	if tries > 10 {
		t.Errorf("%d guesses from one address", tries)
	}
	if w := n.signIn(victim.Email, goodPassword, hall, ""); w.Code != http.StatusTooManyRequests {
		t.Errorf("the right password after too many wrong ones: %d", w.Code)
	}
	if w := n.signIn(victim.Email, goodPassword, home, ""); w.Code != http.StatusOK {
		t.Errorf("the person from elsewhere: %d %s", w.Code, w.Body)
	}
	if w := n.signIn(colleague.Email, goodPassword, hall, ""); w.Code != http.StatusOK {
		t.Errorf("a colleague from the same address: %d %s", w.Code, w.Body)
	}
}

// TestAnotherTerritoireIsUnknown: what is not for everyone is answered for one's
// own territoire; another one is as unknown as one that is not there.
func TestAnotherTerritoireIsUnknown(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	if _, err := n.pool.Exec(t.Context(), `insert into territoire (territoire, nom, emprise) select '73255', 'La Ravoire', emprise from territoire`); err != nil {
		t.Fatal(err)
	}
	room := pgtest.Atelier(t, n.pool)
	stranger := n.by(auth.Animateur, "73255")
	for _, path := range []string{staffOnlyPath, "/api/v1/ateliers", "/api/v1/hexagones?bbox=5.9,45.5,6,45.6", "/tiles/hexagones.json", centreTile("hexagones"), "/api/v1/signalements"} {
		joint := "?"
		if strings.Contains(path, "?") {
			joint = "&"
		}
		mine := n.get(path + joint + "territoire=" + n.city.Code)
		other, none := stranger.get(path+joint+"territoire="+n.city.Code), stranger.get(path+joint+"territoire=99999")
		if mine.Code >= 300 || other.Code != http.StatusNotFound || other.Body.String() != none.Body.String() {
			t.Errorf("%s: own %d, other %d %s, none %s", path, mine.Code, other.Code, other.Body, none.Body)
		}
	}
	for _, part := range []string{"", "/ops", "/snapshot", "/markers", "/late", "/stream", "/cartes-tables.pdf", "/qr/1.svg"} {
		other := stranger.get("/api/v1/ateliers/" + room.ID.String() + part)
		none := stranger.get("/api/v1/ateliers/" + uuid.NewString() + part)
		if other.Code != http.StatusNotFound || other.Body.String() != none.Body.String() {
			t.Errorf("%s: %d %s, unknown %s", part, other.Code, other.Body, none.Body)
		}
	}
}
