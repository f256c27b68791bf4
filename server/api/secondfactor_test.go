package api_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"quietude/server/atelier"
	"quietude/server/auth"
)

// beginFactor draws a secret for the account of a cookie; the codes of its
// application come with it.
func (n *node) beginFactor(cookie string) (secret string, code func(time.Time) string) {
	n.t.Helper()
	var begun struct{ Secret, QR string }
	n.into(n.send(http.MethodPost, "/api/v1/compte/second-facteur", cookie, `{"current":"`+goodPassword+`"}`), http.StatusOK, &begun)
	return begun.Secret, func(at time.Time) string {
		s, err := totp.GenerateCode(begun.Secret, at)
		if err != nil {
			n.t.Fatal(err)
		}
		return s
	}
}

// enter signs in with a code of the second factor.
func (n *node) enter(c atelier.Compte, code string) *httptest.ResponseRecorder {
	n.t.Helper()
	body, _ := json.Marshal(map[string]string{"email": c.Email, "password": goodPassword, "code": code}) // strings always marshal
	return n.send(http.MethodPost, "/api/v1/session", "", string(body))
}

// TestSecondFactor: the password is asked for again to set it up, each code works
// within its 30 seconds and once, and so do recovery codes; the secret is sealed
// in the database, and the session has a new name afterwards.
func TestSecondFactor(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	c := n.compte(auth.Police)
	cookie := n.session(c)
	for _, password := range []string{"", "pas le bon"} {
		want(t, "to begin without the password", n.send(http.MethodPost, "/api/v1/compte/second-facteur", cookie, `{"current":"`+password+`"}`), http.StatusUnprocessableEntity)
	}
	put := func(code string) *httptest.ResponseRecorder {
		return n.send(http.MethodPut, "/api/v1/compte/second-facteur", cookie, `{"code":"`+code+`"}`)
	}
	want(t, "a code before a secret", put("123456"), http.StatusUnprocessableEntity)
	secret, code := n.beginFactor(cookie)
	var stored []byte
	if err := n.pool.QueryRow(t.Context(), "select totp from compte where id = $1", c.ID).Scan(&stored); err != nil || strings.Contains(string(stored), secret) || len(stored) == 0 {
		t.Fatalf("stored as %q, %v", stored, err)
	}
	cookieOf(t, n.signIn(c.Email, goodPassword, here, "")) // not asked for until it is confirmed
	for _, late := range []time.Duration{-time.Hour, -30 * time.Second, 30 * time.Second} {
		want(t, late.String(), put(code(now.Add(late))), http.StatusUnprocessableEntity)
	}
	var got struct{ Recovery []string }
	confirmed := put(code(now))
	n.into(confirmed, http.StatusOK, &got)
	if len(got.Recovery) != 10 || len(strings.ReplaceAll(got.Recovery[0], "-", "")) != 24 {
		t.Fatalf("recovery codes %v", got.Recovery)
	}
	want(t, "the session before", n.with(http.MethodGet, staffOnlyPath, cookie), http.StatusUnauthorized)
	cookie = cookieOf(t, confirmed)
	want(t, "the session after", n.with(http.MethodGet, staffOnlyPath, cookie), http.StatusOK)
	if w := n.signIn(c.Email, goodPassword, here, ""); w.Code != http.StatusUnauthorized || !strings.Contains(w.Body.String(), "code_requis") {
		t.Errorf("without a code: %d %s", w.Code, w.Body)
	}
	want(t, "the code that confirmed, again", n.enter(c, code(now)), http.StatusUnauthorized)
	again := func() string { // the code of now, as if it had not been used, long after any mistake
		if _, err := n.pool.Exec(t.Context(), "update compte set totp_step = totp_step - 1"); err != nil {
			t.Fatal(err)
		}
		if _, err := n.pool.Exec(t.Context(), "delete from rate_bucket"); err != nil {
			t.Fatal(err)
		}
		return code(now)
	}
	again()
	want(t, "the code before", n.enter(c, code(now.Add(-30*time.Second))), http.StatusUnauthorized)
	want(t, "the code of now", n.enter(c, code(now)), http.StatusOK)
	want(t, "replayed", n.enter(c, code(now)), http.StatusUnauthorized)
	want(t, "a recovery code", n.enter(c, strings.ToLower(got.Recovery[0])), http.StatusOK)
	want(t, "a recovery code again", n.enter(c, got.Recovery[0]), http.StatusUnauthorized)

	// One of those that were given when they were shorter.
	if err := n.store.ReplaceRecovery(t.Context(), c, [][]byte{auth.Digest("ABCDE23456")}); err != nil {
		t.Fatal(err)
	}
	want(t, "a short one", n.enter(c, "abcde-23456"), http.StatusOK)
	more := func(path, password, code string) *httptest.ResponseRecorder {
		return n.send(http.MethodPost, "/api/v1/compte/second-facteur/"+path, cookie, `{"current":"`+password+`","code":"`+code+`"}`)
	}
	for _, path := range []string{"secours", "retrait"} {
		want(t, path+" with a wrong password", more(path, "pas le bon", again()), http.StatusUnprocessableEntity)
		want(t, path+" with a wrong code", more(path, goodPassword, "000000"), http.StatusUnprocessableEntity)
	}
	n.into(more("secours", goodPassword, again()), http.StatusOK, &got)
	want(t, "one of the new ones", n.enter(c, got.Recovery[3]), http.StatusOK)
	want(t, "away", more("retrait", goodPassword, got.Recovery[4]), http.StatusNoContent)
	want(t, "twice", more("retrait", goodPassword, again()), http.StatusConflict)
	want(t, "none to renew for", more("secours", goodPassword, again()), http.StatusConflict)
	cookieOf(t, n.signIn(c.Email, goodPassword, here, ""))
}

// TestFactorEndsOtherSessions: whoever signed in with the password alone, somewhere
// else, is not let in by the factor that the account's person adds.
func TestFactorEndsOtherSessions(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	n.imposed = true
	n.start()
	c := n.compte(auth.Police)
	elsewhere, cookie := n.session(c), n.session(c)
	want(t, "before", n.with(http.MethodGet, staffOnlyPath, elsewhere), http.StatusForbidden)
	_, code := n.beginFactor(cookie)
	cookie = cookieOf(t, n.send(http.MethodPut, "/api/v1/compte/second-facteur", cookie, `{"code":"`+code(now)+`"}`))
	want(t, "with a factor", n.with(http.MethodGet, staffOnlyPath, cookie), http.StatusOK)
	want(t, "with the password alone", n.with(http.MethodGet, staffOnlyPath, elsewhere), http.StatusUnauthorized)
}

// TestLostSecondFactor: an administrator takes it away, and its sessions end.
func TestLostSecondFactor(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	c := n.compte(auth.Police)
	cookie := n.session(c)
	_, code := n.beginFactor(cookie)
	cookie = cookieOf(t, n.send(http.MethodPut, "/api/v1/compte/second-facteur", cookie, `{"code":"`+code(now)+`"}`))
	admin := n.session(n.compte(auth.Admin))
	want(t, "lost", n.send(http.MethodDelete, "/api/v1/comptes/"+c.ID.String()+"/second-facteur", admin, ""), http.StatusNoContent)
	want(t, "its session", n.with(http.MethodGet, staffOnlyPath, cookie), http.StatusUnauthorized)
	cookieOf(t, n.signIn(c.Email, goodPassword, here, ""))
}

// TestSecondFactorIsImposed: where the city asks for second factors, an account of
// any role that signs in without one reads what the public reads and sets one up,
// and nothing else; with one it is what it was.
func TestSecondFactorIsImposed(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	n.imposed = true
	n.start()
	names := regexp.MustCompile(`\{[^}]+\}`)
	setUp := map[string]bool{"GET /api/v1/session": true, "DELETE /api/v1/session": true, "GET /api/v1/compte": true,
		"POST /api/v1/compte/second-facteur": true, "PUT /api/v1/compte/second-facteur": true}
	ask := func(route, cookie string) *httptest.ResponseRecorder {
		method, path, _ := strings.Cut(route, " ")
		r := httptest.NewRequest(method, names.ReplaceAllString(path, "1"), strings.NewReader("{}"))
		r.Header.Set("Content-Type", "application/json")
		r.RemoteAddr = here
		if cookie != "" {
			r.Header.Set("Cookie", cookie)
		}
		w := httptest.NewRecorder()
		n.bare.ServeHTTP(w, r)
		return w
	}
	var problem struct{ Code string }
	for _, role := range auth.Staff {
		c := n.compte(role)
		first := n.signIn(c.Email, goodPassword, here, "")
		var who struct {
			Home  string
			Pages []string
			Due   bool `json:"second_factor_due"`
		}
		n.into(first, http.StatusOK, &who)
		if who.Home != "/compte" || len(who.Pages) != 1 || !who.Due {
			t.Errorf("%s lands on %+v", role, who)
		}
		cookie := cookieOf(t, first)
		for _, route := range routeNames(t) {
			if setUp[route] || route == "POST /api/v1/session" {
				continue
			}
			w := ask(route, cookie)
			problem.Code = ""
			_ = json.Unmarshal(w.Body.Bytes(), &problem) // what is no problem has no code
			if auth.Open(route) {
				if bare := ask(route, ""); w.Code != bare.Code || w.Body.String() != bare.Body.String() {
					t.Errorf("%s as %s: %d %s, and the public %d %s", route, role, w.Code, w.Body, bare.Code, bare.Body)
				}
			} else if w.Code != http.StatusForbidden || problem.Code != "second_facteur_requis" {
				t.Errorf("%s as %s without a second factor: %d %s", route, role, w.Code, problem.Code)
			}
		}
		for _, page := range []string{"/animation", "/police", "/comptes", "/journal", "/moderation", "/carte"} {
			if w := ask("GET "+page, cookie); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/compte" {
				t.Errorf("%s as %s: %d to %q", page, role, w.Code, w.Header().Get("Location"))
			}
		}
		_, code := n.beginFactor(cookie)
		cookie = cookieOf(t, n.send(http.MethodPut, "/api/v1/compte/second-facteur", cookie, `{"code":"`+code(now)+`"}`))
		n.into(n.with(http.MethodGet, "/api/v1/session", cookie), http.StatusOK, &who)
		if who.Home != role.Home() {
			t.Errorf("%s begins at %s with a second factor", role, who.Home)
		}
		for _, route := range routeNames(t) {
			if strings.HasPrefix(route, "GET ") && !setUp[route] && role.May(route) {
				w := ask(route, cookie)
				problem.Code = ""
				_ = json.Unmarshal(w.Body.Bytes(), &problem)
				if problem.Code == "second_facteur_requis" || problem.Code == "acces_refuse" {
					t.Errorf("%s as %s with a second factor: %d %s", route, role, w.Code, problem.Code)
				}
			}
		}
	}
}
