package api_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"quietude/server/atelier"
	"quietude/server/auth"
	"quietude/server/pgtest"
)

// events gives the log of access as its readers see it, oldest first.
func (n *node) events(role auth.Role) (all []accessEvent, body string) {
	n.t.Helper()
	var log struct{ Connexions []accessEvent }
	w := n.by(role).get("/api/v1/connexions?limit=1000")
	n.into(w, http.StatusOK, &log)
	slices.Reverse(log.Connexions)
	return log.Connexions, w.Body.String()
}

type accessEvent struct {
	Evenement, Nom, Role, Par, Origine, Appareil string
	Details                                      map[string]string
}

// TestAccessIsRecorded: who comes in, who does not and why, and what changes about
// accounts and tokens is written down with who did it, for the data protection officer
// and the administration; never an address of the network or of an account.
func TestAccessIsRecorded(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	boss := n.compte(auth.Admin, func(c *atelier.Compte) { c.Nom = "Ali Bosse" })
	c := n.compte(auth.Police)
	office := n.organisation("Habitat du lac")
	admin := n.session(boss)
	n.signIn("personne@ailleurs.example", "un mot de passe quelconque", here, "")
	n.signIn(c.Email, "pas le bon mot de passe", here, "")
	cookie := n.session(c)
	for range 3 { // a page that asks again leaves one line
		n.with(http.MethodGet, "/api/v1/journal", cookie)
	}
	path := "/api/v1/comptes/" + c.ID.String()
	put := func(path, body string, status int) {
		t.Helper()
		want(t, path, n.send(http.MethodPut, path, admin, body), status)
	}
	put(path+"/role", `{"role":"analyste"}`, http.StatusOK)
	put(path+"/etat", `{"open":false}`, http.StatusOK)
	n.refusedIn(c, http.StatusUnauthorized)
	put(path+"/etat", `{"open":true}`, http.StatusOK)
	put(path+"/organisation", `{"organisation":null}`, http.StatusOK)
	want(t, "a link", n.send(http.MethodPost, path+"/lien", admin, ""), http.StatusOK)
	want(t, "no factor", n.send(http.MethodDelete, path+"/second-facteur", admin, ""), http.StatusNoContent)
	var made struct{ ID string }
	n.into(n.send(http.MethodPost, "/api/v1/jetons", admin, `{"label":"QGIS","scopes":["hexagones"],"days":30}`), http.StatusCreated, &made)
	want(t, "revoke", n.send(http.MethodDelete, "/api/v1/jetons/"+made.ID, admin, ""), http.StatusNoContent)
	links := "/api/v1/organisations/" + office.String() + "/liens"
	n.into(n.send(http.MethodPost, links, admin, `{}`), http.StatusCreated, &made)
	want(t, "no such link", n.send(http.MethodDelete, links+"/"+uuid.NewString(), admin, ""), http.StatusNotFound)
	want(t, "revoke a link", n.send(http.MethodDelete, links+"/"+made.ID, admin, ""), http.StatusOK)
	want(t, "revoke all links", n.send(http.MethodDelete, links, admin, ""), http.StatusOK)
	cookie = n.session(c)
	_, code := n.beginFactor(cookie)
	cookie = cookieOf(t, n.send(http.MethodPut, "/api/v1/compte/second-facteur", cookie, `{"code":"`+code(now)+`"}`))
	n.enter(c, "000000")
	want(t, "out", n.send(http.MethodDelete, "/api/v1/session", cookie, ""), http.StatusNoContent)

	got, body := n.events(auth.DPO)
	var names []string
	for _, e := range got {
		names = append(names, e.Evenement+" "+e.Details["raison"])
		if by := map[bool]string{true: boss.Nom}[slices.Contains([]string{"role_change", "compte_ferme", "compte_rouvert", "organisation_changee", "lien_cree", "second_facteur_retire", "jeton_cree", "jeton_revoque", "lien_pilote_cree", "lien_pilote_revoque"}, e.Evenement)]; e.Par != by {
			t.Errorf("%s was done by %q", e.Evenement, e.Par)
		}
		if e.Origine == "" || e.Appareil == "" && e.Details["essais"] == "" {
			t.Errorf("from nowhere: %+v", e)
		}
	}
	if expected := []string{"connexion ", "connexion_refusee inconnu", "connexion_refusee mot_de_passe", "connexion ", "acces_refuse ", "role_change ", "compte_ferme ",
		"connexion_refusee ferme", "compte_rouvert ", "organisation_changee ", "lien_cree ", "second_facteur_retire ", "jeton_cree ", "jeton_revoque ", "lien_pilote_cree ", "lien_pilote_revoque ", "lien_pilote_revoque ",
		"connexion ", "second_facteur_ajoute ", "connexion_refusee code", "deconnexion "}; !slices.Equal(names, expected) {
		t.Errorf("the log has %q,\nwant %q", names, expected)
	}
	if d := got[5].Details; d["avant"] != "police" || d["apres"] != "analyste" || got[5].Nom != c.Nom || got[5].Role != "police" {
		t.Errorf("a change of role: %+v", got[5])
	}
	if got[4].Details["route"] != "GET /api/v1/journal" || got[1].Nom != "" || got[12].Nom != "QGIS" || got[14].Nom != "Habitat du lac" || got[15].Details["liens"] != "" || got[16].Details["liens"] != "tous" {
		t.Errorf("lines %+v, %+v, %+v", got[4], got[1], got[12])
	}
	for _, secret := range []string{"127.0.0.1", "personne@", c.Email, boss.Email} {
		if strings.Contains(body, secret) {
			t.Errorf("the log says %s", secret)
		}
	}
	if same, _ := n.events(auth.Admin); len(same) != len(got) {
		t.Errorf("the administration reads %d lines, the officer %d", len(same), len(got))
	}
}

// refusedIn tries to sign in and wants a status.
func (n *node) refusedIn(c atelier.Compte, status int) {
	n.t.Helper()
	want(n.t, "signing in", n.signIn(c.Email, goodPassword, here, ""), status)
}

// TestTriesAreRecordedOnce: whoever goes on trying fills no log.
func TestTriesAreRecordedOnce(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	c := n.compte(auth.Police)
	for range 30 {
		n.signIn(c.Email, "pas le bon mot de passe", here, "")
	}
	got, _ := n.events(auth.DPO)
	count := map[string]int{}
	for _, e := range got {
		count[e.Evenement]++
	}
	if count["trop_d_essais"] != 1 || count["connexion_refusee"] > 10 || count["connexion_refusee"] < 8 {
		t.Errorf("the log has %v", count)
	}
}

// TestStrangersFillNoLog: however many addresses without an account are tried, and from
// however many network addresses, the log has a bounded number of lines an hour, which
// say how many tries there were; nothing of what was tried is anywhere in the database.
func TestStrangersFillNoLog(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	n.secure = true
	n.start()
	const hosts, tries = 30, 3
	origins := map[string]bool{}
	for try := range tries {
		for host := range hosts {
			n.signIn(fmt.Sprintf("personne%d@ailleurs.example", try), "un mot de passe quelconque", fmt.Sprintf("203.0.113.%d:4000", host), "")
		}
	}
	n.signIn(n.compte(auth.Police).Email, "un mot de passe quelconque", "203.0.113.99:4000", "")
	count := func(what string) (sum int) {
		t.Helper()
		log, _ := n.events(auth.DPO)
		if most := 2 * 21; len(log) > most+1 { // two hours when one ends meanwhile
			t.Errorf("%s: %d lines", what, len(log))
		}
		known := 0
		for _, e := range log {
			if e.Evenement != "connexion_refusee" {
				t.Errorf("%s: line %+v", what, e)
			}
			if e.Nom != "" {
				known++
				continue
			}
			some, err := strconv.Atoi(e.Details["essais"])
			if _, hour := time.Parse(time.RFC3339, e.Details["heure"]); err != nil || hour != nil || e.Details["raison"] != "inconnu" {
				t.Errorf("%s: line %+v: %v", what, e, err)
			}
			origins[e.Origine] = true
			sum += some
		}
		if known != 1 {
			t.Errorf("%s: %d lines of an account that was tried once", what, known)
		}
		return sum
	}
	if sum := count("counting"); sum != hosts*tries {
		t.Errorf("%d tries, want %d", sum, hosts*tries)
	}
	if !origins[""] || len(origins) < 20 {
		t.Errorf("%d origins are told apart, and the others: %v", len(origins), origins[""])
	}
	if named := pgtest.Count(t, n.pool, `(select count(*) from acces_inconnu t where t::text like '%ailleurs%' or t::text like '%203.0.%')
		+ (select count(*) from journal.connexion t where t::text like '%ailleurs%' or t::text like '%203.0.%')`); named != 0 {
		t.Errorf("%d rows name what was tried", named)
	}
	// The hour is over: the same is in the log, once, whichever nodes settle it.
	n.exec("update acces_inconnu set heure = heure - interval '1 hour', dernier = dernier - interval '1 hour'")
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			if err := n.store.Tidy(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	if left := pgtest.Count(t, n.pool, "select count(*) from acces_inconnu"); left != 0 {
		t.Errorf("%d rows are still counted", left)
	}
	if sum := count("settled"); sum != hosts*tries {
		t.Errorf("%d tries, want %d", sum, hosts*tries)
	}
}

// TestRoleOfAnAccount: an administrator changes it among the roles that there are,
// for accounts of the territoire only; it holds at once, and neither one's own nor
// that of the last administrator changes.
func TestRoleOfAnAccount(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	if _, err := n.pool.Exec(t.Context(), `insert into territoire (territoire, nom, emprise) select '73255', 'La Ravoire', emprise from territoire`); err != nil {
		t.Fatal(err)
	}
	boss, c := n.compte(auth.Admin), n.compte(auth.Police)
	stranger := n.compte(auth.Police, func(c *atelier.Compte) { c.Territoire = "73255" })
	admin, cookie := n.session(boss), n.session(c)
	set := func(id uuid.UUID, role string) *httptest.ResponseRecorder {
		return n.send(http.MethodPut, "/api/v1/comptes/"+id.String()+"/role", admin, `{"role":"`+role+`"}`)
	}
	for _, role := range []string{"habitant", "public", "", "root"} {
		want(t, role, set(c.ID, role), http.StatusBadRequest)
	}
	if w, unknown := set(stranger.ID, "admin"), set(uuid.New(), "admin"); w.Code != http.StatusNotFound || w.Body.String() != unknown.Body.String() {
		t.Errorf("another territoire's account: %d %s", w.Code, w.Body)
	}
	want(t, "one's own", set(boss.ID, "police"), http.StatusConflict)
	event := atelier.RoleChanged.About(boss)
	if err := n.store.SetRole(t.Context(), boss, "police", event); err == nil || !strings.Contains(err.Error(), "dernier_administrateur") {
		t.Errorf("the last administrator: %v", err)
	}
	want(t, "before", n.with(http.MethodGet, staffOnlyPath, cookie), http.StatusOK)
	want(t, "the police animates", set(c.ID, "animateur"), http.StatusOK)
	want(t, "its session", n.with(http.MethodGet, staffOnlyPath, cookie), http.StatusUnauthorized)
	cookie = n.session(c)
	want(t, "as animateur", n.with(http.MethodGet, "/api/v1/moderation", cookie), http.StatusOK)
	want(t, "an animateur changes no role", n.send(http.MethodPut, "/api/v1/comptes/"+c.ID.String()+"/role", cookie, `{"role":"admin"}`), http.StatusForbidden)
	want(t, "a second administrator", set(c.ID, "admin"), http.StatusOK)
	cookie = n.session(c)
	want(t, "who makes the first one something else", n.send(http.MethodPut, "/api/v1/comptes/"+boss.ID.String()+"/role", cookie, `{"role":"dpo"}`), http.StatusOK)
	want(t, "the first one", n.with(http.MethodGet, "/api/v1/comptes", admin), http.StatusUnauthorized)
}
