package api_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"quietude/server/atelier"
	"quietude/server/auth"
	"quietude/server/pgtest"
)

// send makes a request with a cookie and a JSON body ("" for none).
func (n *node) send(method, path, cookie, body string) *httptest.ResponseRecorder {
	n.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if cookie != "" {
		r.Header.Set("Cookie", cookie)
	}
	return n.by(auth.Public).do(r)
}

func want(t testing.TB, what string, w *httptest.ResponseRecorder, status int) {
	t.Helper()
	if w.Code != status {
		t.Fatalf("%s: %d, want %d: %s", what, w.Code, status, w.Body)
	}
}

// TestRouteByRole asks every route of the router as every role, and holds the
// answer against the table: whom a line names gets past the door, and nobody
// else. The public is asked to sign in, other roles are told that it is not
// theirs.
func TestRouteByRole(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	names := regexp.MustCompile(`\{[^}]+\}`)
	asked := 0
	room, code := n.evening()
	for role, as := range n.everybody(room, code) {
		for _, route := range routeNames(t) {
			method, path, _ := strings.Cut(route, " ")
			r := httptest.NewRequest(method, names.ReplaceAllString(path, "1"), strings.NewReader("{}"))
			r.Header.Set("Content-Type", "application/json")
			w := httptest.NewRecorder()
			as.handler.ServeHTTP(w, r)
			var problem struct{ Code string }
			_ = json.Unmarshal(w.Body.Bytes(), &problem) // what is no problem has no code
			refusal := map[bool]string{true: "connexion_requise", false: "acces_refuse"}[role == auth.Public]
			if refused := problem.Code == refusal; refused == role.May(route) {
				t.Errorf("%s as %s: %d %s, and the table says %v", route, role, w.Code, problem.Code, role.May(route))
			}
			asked++
		}
	}
	t.Logf("%d requests", asked)
}

// TestMachineTokens: a token reads what its scopes say, and nothing else; it
// ends when it is revoked or its time is over.
func TestMachineTokens(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	admin := n.session(n.compte(auth.Admin))
	var made struct{ ID, Jeton string }
	n.into(n.send(http.MethodPost, "/api/v1/jetons", admin, `{"label":"QGIS","scopes":["hexagones"],"days":30}`), http.StatusCreated, &made)
	use := func(path string) int {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("Authorization", "Bearer "+made.Jeton)
		return n.do(r).Code
	}
	for path, status := range map[string]int{staffOnlyPath: 200, centreTile("hexagones"): 200, "/api/v1/quartiers": 200,
		staffOnlyPath + ".csv": 403, "/api/v1/signalements": 403, "/api/v1/compte": 403, "/api/v1/comptes": 403, "/api/v1/journal": 403} {
		if got := use(path); got != status && !(status == 200 && got == 204) {
			t.Errorf("%s by a token for hexagons: %d, want %d", path, got, status)
		}
	}
	var listed struct {
		Jetons []struct {
			ID     string
			UsedAt *time.Time `json:"used_at"`
		}
	}
	w := n.send(http.MethodGet, "/api/v1/jetons", admin, "")
	n.into(w, http.StatusOK, &listed)
	if len(listed.Jetons) != 1 || listed.Jetons[0].UsedAt == nil || strings.Contains(w.Body.String(), made.Jeton) {
		t.Errorf("tokens listed: %s", w.Body)
	}
	want(t, "revoke", n.send(http.MethodDelete, "/api/v1/jetons/"+made.ID, admin, ""), http.StatusNoContent)
	if got := use(staffOnlyPath); got != http.StatusUnauthorized {
		t.Errorf("a revoked token: %d", got)
	}
	want(t, "revoke again", n.send(http.MethodDelete, "/api/v1/jetons/"+made.ID, admin, ""), http.StatusNotFound)
	n.into(n.send(http.MethodPost, "/api/v1/jetons", admin, `{"label":"QGIS","scopes":["exports"],"days":1}`), http.StatusCreated, &made)
	if _, err := n.pool.Exec(t.Context(), "update staff_token set expires_at = now() - interval '1 minute' where id = $1", made.ID); err != nil {
		t.Fatal(err)
	}
	if got := use(staffOnlyPath + ".csv"); got != http.StatusUnauthorized {
		t.Errorf("an expired token: %d", got)
	}
	want(t, "all scopes", n.send(http.MethodPost, "/api/v1/jetons", admin, `{"label":"x","scopes":["tout"],"days":1}`), http.StatusBadRequest)
}

// TestRevokedWhateverTheLogSays: a token that was revoked is refused at once, though
// the line about it could not be written.
func TestRevokedWhateverTheLogSays(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	admin := n.session(n.compte(auth.Admin))
	var made struct{ ID, Jeton string }
	n.into(n.send(http.MethodPost, "/api/v1/jetons", admin, `{"label":"QGIS","scopes":["hexagones"],"days":30}`), http.StatusCreated, &made)
	use := func() *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, staffOnlyPath, nil)
		r.Header.Set("Authorization", "Bearer "+made.Jeton)
		return n.do(r)
	}
	want(t, "before", use(), http.StatusOK)
	n.exec(`alter table journal.connexion rename to gone`)
	want(t, "revoke", n.send(http.MethodDelete, "/api/v1/jetons/"+made.ID, admin, ""), http.StatusInternalServerError)
	want(t, "after", use(), http.StatusUnauthorized)
}

// TestInvitation goes from the link to the session: it works once, a weak
// password does not use it up, a newer link ends the older one.
func TestInvitation(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	admin := n.session(n.compte(auth.Admin))
	var made struct {
		Lien   string
		Compte struct{ ID string }
	}
	n.into(n.send(http.MethodPost, "/api/v1/comptes", admin, `{"email":"Lou@exemple.fr","nom":"Lou Essai","role":"police"}`), http.StatusCreated, &made)
	want(t, "the same address", n.send(http.MethodPost, "/api/v1/comptes", admin, `{"email":"lou@exemple.fr","nom":"Lou","role":"dpo"}`), http.StatusConflict)
	_, old, _ := strings.Cut(made.Lien, "#")
	n.into(n.send(http.MethodPost, "/api/v1/comptes/"+made.Compte.ID+"/lien", admin, ""), http.StatusOK, &made)
	_, secret, _ := strings.Cut(made.Lien, "#")
	accept := func(secret, password string) *httptest.ResponseRecorder {
		body, _ := json.Marshal(map[string]string{"secret": secret, "password": password}) // strings always marshal
		return n.send(http.MethodPost, "/api/v1/liens/acceptation", "", string(body))
	}
	want(t, "an older link", accept(old, goodPassword), http.StatusNotFound)
	for _, weak := range []string{"court", "motdepasse2026", "aaaaaaaaaaaaaa", "lou@exemple.fr1", "123456789012"} {
		if w := accept(secret, weak); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("password %q: %d %s", weak, w.Code, w.Body)
		}
	}
	var what struct{ Kind, Email, Role string }
	n.into(n.send(http.MethodPost, "/api/v1/liens/lecture", "", `{"secret":"`+secret+`"}`), http.StatusOK, &what)
	if what.Kind != "compte" || what.Email != "lou@exemple.fr" || what.Role != "police" {
		t.Errorf("the link says %+v", what)
	}
	cookie := cookieOf(t, accept(secret, goodPassword))
	want(t, "signed in by the link", n.with(http.MethodGet, staffOnlyPath, cookie), http.StatusOK)
	want(t, "the link again", accept(secret, goodPassword), http.StatusNotFound)
	want(t, "a made up link", accept(auth.NewSecret(), goodPassword), http.StatusNotFound)
}

// TestFirstAdministrator has the link that a first start prints.
func TestFirstAdministrator(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	secret := auth.NewSecret()
	if err := n.store.Link(t.Context(), atelier.Invitation{Territoire: n.city.Code, Kind: atelier.FirstAdmin,
		ExpiresAt: time.Now().Add(time.Hour)}, auth.Digest(secret), uuid.Nil); err != nil {
		t.Fatal(err)
	}
	body := `{"secret":"` + secret + `","password":"` + goodPassword + `","email":"premiere@exemple.fr","nom":"Première Personne"}`
	cookie := cookieOf(t, n.send(http.MethodPost, "/api/v1/liens/acceptation", "", body))
	want(t, "the accounts", n.with(http.MethodGet, "/api/v1/comptes", cookie), http.StatusOK)
	want(t, "no content for administrators", n.with(http.MethodGet, staffOnlyPath, cookie), http.StatusForbidden)
	want(t, "again", n.send(http.MethodPost, "/api/v1/liens/acceptation", "", body), http.StatusNotFound)

	// Another one, that was printed before: somebody else reads what a start has printed.
	if err := n.store.Link(t.Context(), atelier.Invitation{Territoire: n.city.Code, Kind: atelier.FirstAdmin,
		ExpiresAt: time.Now().Add(time.Hour)}, auth.Digest(secret+"x"), uuid.Nil); err != nil {
		t.Fatal(err)
	}
	want(t, "a second first one", n.send(http.MethodPost, "/api/v1/liens/acceptation", "", strings.NewReplacer(secret, secret+"x", "premiere@", "seconde@").Replace(body)), http.StatusNotFound)
}

// TestAdministration: accounts of another territoire are unknown, nobody closes
// their own, the last administrator stays, a closed one is out at once.
func TestAdministration(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	if _, err := n.pool.Exec(t.Context(), `insert into territoire (territoire, nom, emprise) select '73255', 'La Ravoire', emprise from territoire`); err != nil {
		t.Fatal(err)
	}
	one, other := n.compte(auth.Admin), n.compte(auth.Police)
	stranger := n.compte(auth.Police, func(c *atelier.Compte) { c.Territoire = "73255" })
	admin, police := n.session(one), n.session(other)
	want(t, "before", n.with(http.MethodGet, staffOnlyPath, police), http.StatusOK)
	state := func(id uuid.UUID, open string) *httptest.ResponseRecorder {
		return n.send(http.MethodPut, "/api/v1/comptes/"+id.String()+"/etat", admin, `{"open":`+open+`}`)
	}
	want(t, "close", state(other.ID, "false"), http.StatusOK)
	want(t, "after", n.with(http.MethodGet, staffOnlyPath, police), http.StatusUnauthorized)
	want(t, "one's own", state(one.ID, "false"), http.StatusConflict)
	unknown := state(uuid.New(), "false")
	if w := state(stranger.ID, "false"); w.Code != http.StatusNotFound || w.Body.String() != unknown.Body.String() {
		t.Errorf("another territoire's account: %d %s", w.Code, w.Body)
	}
	if w := n.with(http.MethodGet, "/api/v1/comptes", admin); strings.Contains(w.Body.String(), stranger.Email) {
		t.Error("another territoire's account is listed")
	}
	if err := n.store.DisableCompte(t.Context(), one, true, atelier.AccountClosed.About(one)); err == nil || !strings.Contains(err.Error(), "dernier_administrateur") {
		t.Errorf("the last administrator: %v", err)
	}
	want(t, "open again", state(other.ID, "true"), http.StatusOK)
	cookieOf(t, n.signIn(other.Email, goodPassword, here, ""))
}

// TestOrganisationOfAnAccount: an administrator says whom a bailleur's account
// answers for, among the organisations of the territoire; it holds at once.
func TestOrganisationOfAnAccount(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	if _, err := n.pool.Exec(t.Context(), `insert into territoire (territoire, nom, emprise) select '73255', 'La Ravoire', emprise from territoire`); err != nil {
		t.Fatal(err)
	}
	own, foreign := uuid.New(), uuid.New()
	for _, o := range []atelier.Organisation{{Territoire: n.city.Code, ID: own, Nom: "Habitat d’essai", Kind: "bailleur"},
		{Territoire: "73255", ID: foreign, Nom: "Habitat d’ailleurs", Kind: "bailleur"}} {
		if err := n.store.PutOrganisation(t.Context(), o); err != nil {
			t.Fatal(err)
		}
	}
	admin := n.session(n.compte(auth.Admin))
	c := n.compte(auth.Bailleur)
	cookie := n.session(c)
	type owner struct{ ID, Nom string }
	show := func() (got struct{ Organisation *owner }) {
		n.into(n.with(http.MethodGet, "/api/v1/compte", cookie), http.StatusOK, &got)
		return got
	}
	if got := show(); got.Organisation != nil {
		t.Errorf("before: %+v", got)
	}
	set := func(account uuid.UUID, organisation string) *httptest.ResponseRecorder {
		return n.send(http.MethodPut, "/api/v1/comptes/"+account.String()+"/organisation", admin, `{"organisation":`+organisation+`}`)
	}
	of := func() uuid.UUID {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Cookie", cookie)
		p, err := n.api.Auth.Of(r)
		if err != nil {
			t.Fatal(err)
		}
		return p.Organisation
	}
	var listed struct{ Organisations []owner }
	n.into(n.send(http.MethodGet, "/api/v1/organisations", admin, ""), http.StatusOK, &listed)
	if len(listed.Organisations) != 1 {
		t.Errorf("an administrator chooses among %+v", listed)
	}
	want(t, "set", set(c.ID, `"`+own.String()+`"`), http.StatusOK)
	if got := show(); got.Organisation == nil || got.Organisation.Nom != "Habitat d’essai" || of() != own {
		t.Errorf("after: %+v, %s", got.Organisation, of())
	}
	other, unknown := set(c.ID, `"`+foreign.String()+`"`), set(c.ID, `"`+uuid.NewString()+`"`)
	if other.Code != http.StatusUnprocessableEntity || other.Body.String() != unknown.Body.String() {
		t.Errorf("another territoire's organisation: %d %s, unknown %s", other.Code, other.Body, unknown.Body)
	}
	want(t, "nobody's account", set(uuid.New(), `null`), http.StatusNotFound)
	want(t, "nothing said", n.send(http.MethodPut, "/api/v1/comptes/"+c.ID.String()+"/organisation", admin, `{}`), http.StatusBadRequest)
	if of() != own {
		t.Error("a refused change changed something")
	}
	want(t, "take away", set(c.ID, `null`), http.StatusOK)
	if of() != uuid.Nil {
		t.Error("taken away, and still there")
	}
	var made struct{ Compte struct{ Organisation *owner } }
	n.into(n.send(http.MethodPost, "/api/v1/comptes", admin, `{"email":"lou@exemple.fr","nom":"Lou","role":"bailleur","organisation":"`+own.String()+`"}`), http.StatusCreated, &made)
	if made.Compte.Organisation == nil || made.Compte.Organisation.ID != own.String() {
		t.Errorf("invited with an organisation: %+v", made.Compte)
	}
	want(t, "invited with an unknown one", n.send(http.MethodPost, "/api/v1/comptes", admin,
		`{"email":"lea@exemple.fr","nom":"Léa","role":"bailleur","organisation":"`+foreign.String()+`"}`), http.StatusUnprocessableEntity)
}

// TestNamesReadAsTheyAre: a name stands in the access log and beside what people
// do, on one line and in the order in which it was written.
func TestNamesReadAsTheyAre(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	admin := n.session(n.compte(auth.Admin))
	for _, nom := range []string{"", "  ", "a\nb", "a\tb", "a\u202eb", "a\u2066b", "a\u0007b", strings.Repeat("é", 121)} {
		body, _ := json.Marshal(map[string]string{"email": "lou@exemple.fr", "nom": nom, "role": "police"}) // strings always marshal
		if w := n.send(http.MethodPost, "/api/v1/comptes", admin, string(body)); w.Code != http.StatusUnprocessableEntity && w.Code != http.StatusBadRequest {
			t.Errorf("%q: %d", nom, w.Code)
		}
	}
	want(t, "a name", n.send(http.MethodPost, "/api/v1/comptes", admin, `{"email":"lou@exemple.fr","nom":"Loïs-Ève d’Août","role":"police"}`), http.StatusCreated)
	for _, email := range []string{"a@exemple.fr\r\nBcc: b@exemple.fr", "Lou <lou@exemple.fr>", "lou", "@"} {
		body, _ := json.Marshal(map[string]string{"email": email, "nom": "Lou", "role": "police"})
		if w := n.send(http.MethodPost, "/api/v1/comptes", admin, string(body)); w.Code != http.StatusUnprocessableEntity && w.Code != http.StatusBadRequest {
			t.Errorf("%q: %d", email, w.Code)
		}
	}
}

// TestNoOtherWayIn: what names a closed route otherwise, or a method beside the
// request's own, opens nothing that the plain request does not, and a token that
// is not known is not made up for by a cookie that is.
func TestNoOtherWayIn(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	police, dpo := n.session(n.compte(auth.Police)), n.session(n.compte(auth.DPO))
	ask := func(method, path, cookie string, headers ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, "http://127.0.0.1:8080"+path, nil)
		r.Header.Set("Cookie", cookie)
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		w := httptest.NewRecorder()
		n.bare.ServeHTTP(w, r)
		return w
	}
	for _, path := range []string{"/api/v1/journal", "/api/v1/%6aournal", "/api/v1/journal/", "/api/v1//journal", "//api/v1/journal", "/api/v1/./journal",
		"/api/v1/x/../journal", "/API/v1/journal", "/api/v1/journal%00", "/api/v1/journal;x=1", "/api/v1/journal%2ecsv", "/api/v1/journal.csv%2e",
		"/demo.json", "/..%2f..%2fdemo.json", "/assets/..%2f..%2fdemo.json", "/.git/config"} {
		if w := ask(http.MethodGet, path, police); w.Code != http.StatusForbidden && w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	for _, header := range []string{"X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"} {
		want(t, header, ask(http.MethodGet, "/api/v1/session", police, header, "DELETE"), http.StatusOK)
	}
	want(t, "the session after that", ask(http.MethodGet, staffOnlyPath, police), http.StatusOK)
	for _, method := range []string{"TRACE", "get", "PROPFIND"} {
		want(t, method, ask(method, "/api/v1/journal", dpo), http.StatusMethodNotAllowed)
	}
	want(t, "the right cookie", ask(http.MethodGet, "/api/v1/journal", dpo), http.StatusOK)
	want(t, "the right cookie and another token", ask(http.MethodGet, "/api/v1/journal", dpo, "Authorization", "Bearer x"), http.StatusUnauthorized)
	for _, cookie := range []string{"quietude=" + strings.Repeat("a", 100_000), strings.Repeat("quietude=x; ", 3000), "__Host-" + dpo, "Quietude" + dpo[len("quietude"):]} {
		want(t, cookie[:min(20, len(cookie))], ask(http.MethodGet, "/api/v1/journal", cookie), http.StatusUnauthorized)
	}
	if w := ask(http.MethodGet, "/tiles/voirie.json", "", "X-Forwarded-Host", "ailleurs.exemple.fr", "Forwarded", "host=ailleurs.exemple.fr"); strings.Contains(w.Body.String(), "ailleurs") {
		t.Errorf("an address that the client made up: %s", w.Body)
	}
}

// TestOwnSessions: one sees where one is signed in, and ends it there.
func TestOwnSessions(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	c := n.compte(auth.Police)
	first, second, foreign := n.session(c), n.session(c), n.session(n.compte(auth.Police))
	var mine struct {
		Sessions []struct {
			ID      string
			Current bool
		}
	}
	n.into(n.with(http.MethodGet, "/api/v1/compte", first), http.StatusOK, &mine)
	if len(mine.Sessions) != 2 {
		t.Fatalf("%d sessions", len(mine.Sessions))
	}
	other := slices.IndexFunc(mine.Sessions, func(s struct {
		ID      string
		Current bool
	}) bool {
		return !s.Current
	})
	end := func(cookie, password, session string) *httptest.ResponseRecorder {
		return n.send(http.MethodPost, "/api/v1/compte/sessions/fin", cookie, `{"current":"`+password+`"`+session+`}`)
	}
	that := `,"session":"` + mine.Sessions[other].ID + `"`
	want(t, "somebody else's session", end(foreign, goodPassword, that), http.StatusNotFound)
	want(t, "without the password", end(first, "", that), http.StatusUnprocessableEntity)
	want(t, "it has not ended", n.with(http.MethodGet, staffOnlyPath, second), http.StatusOK)
	want(t, "one's own", end(first, goodPassword, that), http.StatusNoContent)
	want(t, "it has ended", n.with(http.MethodGet, staffOnlyPath, second), http.StatusUnauthorized)
	third := n.session(c)
	want(t, "all others, with a wrong password", end(first, "pas le bon", ""), http.StatusUnprocessableEntity)
	want(t, "all others", end(first, goodPassword, ""), http.StatusNoContent)
	want(t, "the third", n.with(http.MethodGet, staffOnlyPath, third), http.StatusUnauthorized)
	want(t, "this one", n.with(http.MethodGet, staffOnlyPath, first), http.StatusOK)

	want(t, "a wrong password", n.send(http.MethodPut, "/api/v1/compte/mot-de-passe", first, `{"current":"pas le bon","password":"une autre phrase assez longue"}`), http.StatusUnprocessableEntity)
	changed := n.send(http.MethodPut, "/api/v1/compte/mot-de-passe", first, `{"current":"`+goodPassword+`","password":"une autre phrase assez longue"}`)
	want(t, "change", changed, http.StatusNoContent)
	want(t, "the session before", n.with(http.MethodGet, staffOnlyPath, first), http.StatusUnauthorized)
	cookies := changed.Result().Cookies()
	want(t, "the new one", n.with(http.MethodGet, staffOnlyPath, cookies[len(cookies)-1].Name+"="+cookies[len(cookies)-1].Value), http.StatusOK)
}

// TestNoPasswordWithoutOne: whoever comes by an identity provider and has no password
// makes none of an open session, which nothing could guard.
func TestNoPasswordWithoutOne(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	c := n.compte(auth.Police)
	cookie := n.session(c)
	n.exec(`update compte set password = null where id = $1`, c.ID)
	w := n.send(http.MethodPut, "/api/v1/compte/mot-de-passe", cookie, `{"current":"x","password":"un autre mot de passe bien long"}`)
	n.problem(w, http.StatusConflict, "mot_de_passe_ailleurs")
	if made := pgtest.Count(t, n.pool, `select count(*) from compte where password is not null and not demo`); made != 0 {
		t.Errorf("%d accounts have a password", made)
	}
}

// TestAccessLog: reading points leaves a line that the data protection officer
// reads and that nobody changes.
func TestAccessLog(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	pgtest.Signalement(t, n.pool)
	c := n.compte(auth.Police, func(c *atelier.Compte) { c.Nom = "=Formule" })
	cookie := n.session(c)
	r := httptest.NewRequest(http.MethodGet, "/api/v1/signalements?theme=BRU&bbox=5.8,45.4,6.0,45.7", nil)
	r.Header.Set("Cookie", cookie)
	r.Header.Set("Finalite", "patrouille")
	want(t, "reading", n.by(auth.Public).do(r), http.StatusOK)
	dpo := n.by(auth.DPO)
	var log struct {
		Consultations []struct {
			Nom, Role, Objet, Finalite string
			Elements                   int
			Details                    map[string]string
		}
	}
	w := dpo.get("/api/v1/journal")
	n.into(w, http.StatusOK, &log)
	if len(log.Consultations) != 1 || strings.Contains(w.Body.String(), "45.") {
		t.Fatalf("the log: %s", w.Body)
	}
	if one := log.Consultations[0]; one.Nom != c.Nom || one.Finalite != "patrouille" || one.Objet != "signalements" || one.Details["theme"] != "BRU" {
		t.Errorf("line %+v", one)
	}
	n.into(dpo.get("/api/v1/journal?finalite=patrouille&role=police"), http.StatusOK, &log)
	if len(log.Consultations) != 1 {
		t.Errorf("filtered: %d lines", len(log.Consultations))
	}
	if csv := dpo.get("/api/v1/journal.csv"); csv.Code != http.StatusOK || !strings.Contains(csv.Body.String(), ",'=Formule,police,\"signalements, avec leur position\",orienter les patrouilles,1,thème Nuisances sonores") {
		t.Errorf("as a table: %d %s", csv.Code, csv.Body)
	}
	want(t, "the police reads no log", n.with(http.MethodGet, "/api/v1/journal", cookie), http.StatusForbidden)
}

// TestReadingContactsIsLogged: names and addresses of those who agreed to be
// invited are read on the record, as are the points of one place.
func TestReadingContactsIsLogged(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	room := pgtest.Atelier(t, n.pool)
	for _, path := range []string{"/reporters", "/invitations", "/lettres.pdf"} {
		want(t, path, n.get("/api/v1/ateliers/"+room.ID.String()+path), http.StatusOK)
	}
	cell := pgtest.Signalement(t, n.pool).Cell
	place := "/api/v1/statistiques/lieux/" + cell.Parent(10).String() + "/signalements"
	r := httptest.NewRequest(http.MethodGet, place, nil)
	r.Header.Set("Finalite", "patrouille")
	want(t, "a place", n.by(auth.Police).do(r), http.StatusOK)
	var log struct {
		Consultations []struct{ Role, Objet, Finalite string }
	}
	n.into(n.by(auth.DPO).get("/api/v1/journal"), http.StatusOK, &log)
	got := map[string]int{}
	for _, one := range log.Consultations {
		got[one.Role+" "+one.Objet+" "+one.Finalite]++
	}
	if len(log.Consultations) != 4 || got["animateur contacts invitation"] != 3 || got["police signalements patrouille"] != 1 {
		t.Errorf("the log: %v", got)
	}
}

// TestSignalementsAreBounded: one address reports so much at a time, however
// many requests it makes at once; others report on, and so does an account.
func TestSignalementsAreBounded(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	report := func(address, cookie string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodPost, "/api/v1/signalements",
			strings.NewReader(`{"geometry":{"type":"Point","coordinates":[5.9203,45.5646]},"theme":"BRU"}`))
		r.Header.Set("Content-Type", "application/json")
		r.RemoteAddr = address + ":1234"
		if cookie != "" {
			r.Header.Set("Cookie", cookie)
		}
		w := httptest.NewRecorder()
		n.by(auth.Public).handler.ServeHTTP(w, r)
		return w
	}
	answers := make(chan *httptest.ResponseRecorder, 100)
	var all sync.WaitGroup
	for range cap(answers) {
		all.Go(func() { answers <- report("203.0.113.7", "") })
	}
	all.Wait()
	close(answers)
	taken := 0
	for w := range answers {
		switch w.Code {
		case http.StatusCreated:
			taken++
		case http.StatusTooManyRequests:
			if w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), "trop_de_signalements") || !strings.Contains(w.Body.String(), "envoyez-le de nouveau") {
				t.Fatalf("429: %v %s", w.Header(), w.Body)
			}
		default:
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	if taken < 60 || taken >= 100 {
		t.Errorf("%d of 100 taken at once, want about 60", taken)
	}
	want(t, "another address", report("203.0.113.8", ""), http.StatusCreated)
	want(t, "an account at the same one", report("203.0.113.7", n.session(n.compte(auth.Animateur))), http.StatusCreated)
	var named int
	if err := n.pool.QueryRow(t.Context(), "select count(*) from rate_bucket where key like '%203.0%'").Scan(&named); err != nil || named != 0 {
		t.Errorf("%d buckets name an address, %v", named, err)
	}
}
