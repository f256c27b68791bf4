package api_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"quietude/server/atelier"
	"quietude/server/auth"
	"quietude/server/pgtest"
)

type suiviBody struct {
	State, Digest       string
	Said, Titre, Answer struct {
		Texte string
		Kinds []string
	}
}

type publicBody struct {
	Actions []struct {
		ID                                                     uuid.UUID
		Quartier, Said, Titre, Answer, State, Pilote, Echeance string
		Late                                                   bool
		DoneOn                                                 string `json:"done_on"`
		AtelierOn                                              string `json:"atelier_on"`
	}
}

// promise is an action of a room that answers one constat, piloted by an
// organisation; its address in the API.
func (n *node) promise(room atelier.Atelier, pilote uuid.UUID, titre, event string) (id uuid.UUID, path string) {
	n.t.Helper()
	finding := uuid.NewString()
	n.into(n.put("/api/v1/ateliers/"+room.ID.String()+"/findings/"+finding, `{"base":0,"rang":1,"titre":"Le hall est occupé le soir"}`), http.StatusCreated, &struct{}{})
	id = uuid.New()
	n.into(n.post("/api/v1/actions", fmt.Sprintf(`{"id":"%s","atelier":"%s","code":"BAI","titre":"%s","detail":"Un gardien passera","pilote":"%s","echeance":"2026-06-30","findings":["%s"],"event":%s}`,
		id, room.ID, titre, pilote, finding, event)), http.StatusCreated, &struct{}{})
	return id, "/api/v1/actions/" + id.String()
}

func (n *node) organisation(nom string) uuid.UUID {
	n.t.Helper()
	id := uuid.New()
	n.into(n.put("/api/v1/organisations/"+id.String(), `{"nom":"`+nom+`","kind":"bailleur"}`), http.StatusOK, &struct{}{})
	return id
}

func event(state, more string) string {
	return fmt.Sprintf(`{"id":"%s","state":"%s"%s}`, uuid.New(), state, more)
}

// shows decides that the public reads the texts that are proposed.
func (n *node) shows(path string) suiviBody {
	n.t.Helper()
	var s suiviBody
	n.into(n.get(path+"/suivi"), http.StatusOK, &s)
	n.into(n.post(path+"/suivi", fmt.Sprintf(`{"id":"%s","shown":true,"said":"%s","titre":"%s","answer":"%s","digest":"%s"}`,
		uuid.New(), s.Said.Texte, s.Titre.Texte, s.Answer.Texte, s.Digest)), http.StatusOK, &s)
	return s
}

func (n *node) followedByAll() publicBody {
	n.t.Helper()
	var out publicBody
	n.into(n.by(auth.Public).get("/api/v1/suivi?territoire="+pgtest.Chambery), http.StatusOK, &out)
	return out
}

// TestSuivi: the public reads an action once its texts were decided about, its
// state and days at once; what names or reaches somebody is refused; texts that
// changed since are said to be out of date and stay as they were decided.
func TestSuivi(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	room := pgtest.Atelier(t, n.pool)
	pilote := n.organisation("Bailleur du centre")
	_, path := n.promise(room, pilote, "Gardiennage du hall", event("planned", ""))
	if got := n.followedByAll(); len(got.Actions) != 0 {
		t.Fatalf("nobody has decided, and the public reads %+v", got)
	}
	var s suiviBody
	n.into(n.get(path+"/suivi"), http.StatusOK, &s)
	if s.State != "none" || s.Said.Texte != "Le hall est occupé le soir" || s.Answer.Texte != "Un gardien passera" {
		t.Errorf("proposed %+v", s)
	}
	decide := func(said, digest, more string) *httptest.ResponseRecorder {
		return n.post(path+"/suivi", fmt.Sprintf(`{"id":"%s","shown":true,"said":"%s","titre":"Un gardien le soir","digest":"%s"%s}`, uuid.New(), said, digest, more))
	}
	n.problem(decide("Écrire à j.durand@exemple.fr", s.Digest, `,"confirmed":true`), http.StatusUnprocessableEntity, "texte_personnel")
	n.problem(decide("Madame Durand l’a dit", s.Digest, ""), http.StatusUnprocessableEntity, "nom_possible")
	n.problem(decide("Le hall", strings.Repeat("0", 64), ""), http.StatusConflict, "texte_modifie")
	n.into(decide("Le hall est occupé", s.Digest, ""), http.StatusOK, &s)
	if s.State != "shown" {
		t.Errorf("decided %+v", s)
	}
	got := n.followedByAll()
	if len(got.Actions) != 1 || got.Actions[0].Said != "Le hall est occupé" || got.Actions[0].State != "planned" || got.Actions[0].Pilote != "Bailleur du centre" ||
		got.Actions[0].Echeance != "2026-06-30" || got.Actions[0].AtelierOn != "2026-03-12" {
		t.Fatalf("the public reads %+v", got)
	}
	n.into(n.post(path+"/events", event("done", `,"proof":"Monsieur Lefèvre, gardien"`)), http.StatusOK, &struct{}{})
	after := n.followedByAll()
	if after.Actions[0].State != "done" || after.Actions[0].DoneOn != "2026-03-20" || strings.Contains(fmt.Sprint(after), "Lefèvre") {
		t.Errorf("done, the public reads %+v", after)
	}
	n.into(n.get(path+"/suivi"), http.StatusOK, &s)
	if s.State != "outdated" || s.Titre.Texte != "Un gardien le soir" {
		t.Errorf("the texts of the ledger changed: %+v", s)
	}
	n.into(n.post(path+"/suivi", fmt.Sprintf(`{"id":"%s","shown":false,"digest":"%s"}`, uuid.New(), s.Digest)), http.StatusOK, &s)
	if got := n.followedByAll(); s.State != "hidden" || len(got.Actions) != 0 {
		t.Errorf("taken back, the public reads %+v", got)
	}
	n.problem(n.by(auth.Police).get(path+"/suivi"), http.StatusForbidden, "acces_refuse")
}

// link makes a link of an organisation and asks as its holder.
func (n *node) link(organisation uuid.UUID) (holder *node, id uuid.UUID) {
	n.t.Helper()
	var made struct {
		ID  uuid.UUID
		URL string
	}
	n.into(n.post("/api/v1/organisations/"+organisation.String()+"/liens", `{}`), http.StatusCreated, &made)
	_, secret, _ := strings.Cut(made.URL, "/pilote#")
	other := *n
	other.bearer = secret
	other.handler = other.signed()
	return &other, made.ID
}

// TestPilotByLink: a link opens the actions of its organisation and no other,
// takes news, proofs and states of them, and ends when it is revoked or old.
func TestPilotByLink(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	room := pgtest.Atelier(t, n.pool)
	mine, theirs := n.organisation("Premier bailleur"), n.organisation("Second bailleur")
	own, path := n.promise(room, mine, "Gardiennage", event("planned", ""))
	other, foreign := n.promise(room, theirs, "Réparer la porte", event("ongoing", ""))
	holder, link := n.link(mine)

	var who struct{ Nom string }
	n.into(holder.get("/api/v1/pilote"), http.StatusOK, &who)
	if who.Nom != "Premier bailleur" {
		t.Errorf("the link is of %q", who.Nom)
	}
	type listed struct {
		Actions []struct {
			ID       uuid.UUID
			Constats []string
			Findings []uuid.UUID
			Next     []string
		}
	}
	var list listed
	n.into(holder.get("/api/v1/actions"), http.StatusOK, &list)
	if len(list.Actions) != 1 || list.Actions[0].ID != own || !slices.Equal(list.Actions[0].Constats, []string{"Le hall est occupé le soir"}) ||
		len(list.Actions[0].Findings) != 0 || slices.Contains(list.Actions[0].Next, "forwarded") {
		t.Errorf("the holder reads %+v", list)
	}
	// What is another's is as unknown as what does not exist.
	unknown := holder.get("/api/v1/actions/" + uuid.NewString()).Body.String()
	for _, w := range []*httptest.ResponseRecorder{holder.get(foreign), holder.post(foreign+"/events", event("done", `,"proof":"Fait"`))} {
		if w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "action_inconnue") {
			t.Errorf("%d %s, want as %s", w.Code, w.Body, unknown)
		}
	}
	n.problem(holder.get("/api/v1/actions?pilote="+theirs.String()), http.StatusNotFound, "organisation_inconnue")
	for _, closed := range []string{"/api/v1/findings", "/api/v1/organisations", "/api/v1/actions.xlsx", "/api/v1/indicateurs", "/api/v1/compte", "/api/v1/ateliers/" + room.ID.String() + "/markers",
		"/api/v1/quartiers/CE/hexagones", path + "/suivi"} {
		if w := holder.get(closed); w.Code != http.StatusForbidden {
			t.Errorf("%s answers a link with %d", closed, w.Code)
		}
	}
	n.problem(holder.put(path, `{"base":1,"code":"BAI","titre":"Autre"}`), http.StatusForbidden, "acces_refuse")

	var a sentBack
	n.problem(holder.post(path+"/events", event("planned", "")), http.StatusBadRequest, "avancement_absent")
	n.into(holder.post(path+"/events", event("planned", `,"reason":"Recrutement en cours"`)), http.StatusOK, &a)
	if a.State != "planned" || len(a.History) != 2 || a.History[1].Reason != "Recrutement en cours" {
		t.Errorf("after news: %+v", a)
	}
	n.problem(holder.post(path+"/events", event("forwarded", `,"reason":"Pas à nous","pilote":"`+theirs.String()+`"`)), http.StatusForbidden, "reserve_ville")
	n.problem(holder.post(path+"/events", event("planned", `,"reason":"Nouvelle","pilote":"`+theirs.String()+`"`)), http.StatusForbidden, "reserve_ville")
	n.into(holder.post(path+"/events", event("done", `,"proof":"Gardien en poste"`)), http.StatusOK, &a)
	if a.State != "done" || a.DoneOn != "2026-03-20" {
		t.Errorf("done: %+v", a)
	}
	n.problem(holder.post(path+"/events", event("verified", "")), http.StatusForbidden, "reserve_habitants")

	// Transmitted to somebody else, it is theirs at once.
	n.into(n.post("/api/v1/actions/"+other.String()+"/events", event("forwarded", `,"reason":"C’est leur porte","pilote":"`+mine.String()+`"`)), http.StatusOK, &struct{}{})
	second, _ := n.link(theirs)
	n.problem(second.get(foreign), http.StatusNotFound, "action_inconnue")

	n.into(n.do(httptest.NewRequest(http.MethodDelete, "/api/v1/organisations/"+mine.String()+"/liens/"+link.String(), nil)), http.StatusOK, &struct{}{})
	n.problem(holder.get("/api/v1/actions"), http.StatusUnauthorized, "acces_inconnu")
	late, _ := n.link(mine)
	n.exec(`update organisation_link set expires_at = clock_timestamp() - interval '1 second' where organisation = $1 and revoked_at is null`, mine)
	n.problem(late.get("/api/v1/actions"), http.StatusUnauthorized, "acces_inconnu")
	n.problem(n.by(auth.Bailleur).get("/api/v1/actions"), http.StatusNotFound, "organisation_inconnue") // an account of no organisation
	n.problem(n.by(auth.Police).get("/api/v1/organisations/"+mine.String()+"/liens"), http.StatusForbidden, "acces_refuse")
}

type following struct {
	Code, Email string
	ByEmail     bool `json:"by_email"`
	Actions     []struct {
		ID     uuid.UUID
		State  string
		Asked  bool
		Better *bool
	}
}

func (n *node) voice(f following, action uuid.UUID, better bool) *httptest.ResponseRecorder {
	n.t.Helper()
	return n.post("/api/v1/abonnements/"+f.Code+"/reponses", fmt.Sprintf(`{"action":"%s","better":%t}`, action, better))
}

// TestIsItBetter: residents of two tables follow with their codes, as many as
// took a seat; from a fortnight after the completion on each has one voice, the
// last; the action is verified when enough of them, of both tables, say so, and
// by nobody else.
func TestIsItBetter(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	room := pgtest.Atelier(t, n.pool)
	for table := 1; table <= 2; table++ {
		for range 4 {
			pgtest.Marker(t, n.pool, room, func(m *atelier.Marker) { m.Table = table })
		}
	}
	id, path := n.promise(room, n.organisation("Ville, éclairage"), "Six lampadaires", event("done", `,"proof":"Six lampadaires changés"`))
	anybody := n.by(auth.Public)
	follow := func(table int) (f following) {
		t.Helper()
		n.into(anybody.post("/api/v1/abonnements", `{"code":"`+room.Seats[table-1].Code+`"}`), http.StatusCreated, &f)
		return f
	}
	n.problem(anybody.post("/api/v1/abonnements", `{"code":"ZZZZ2222"}`), http.StatusNotFound, "code_inconnu")
	first := []following{follow(1), follow(1), follow(1), follow(1)}
	n.problem(anybody.post("/api/v1/abonnements", `{"code":"`+room.Seats[0].Code+`"}`), http.StatusConflict, "suivi_complet")
	if len(first[0].Actions) != 0 {
		t.Errorf("what is not public is followed: %+v", first[0])
	}
	n.problem(anybody.voice(first[0], id, true), http.StatusNotFound, "action_inconnue")
	n.shows(path)
	n.problem(anybody.voice(first[0], id, true), http.StatusConflict, "question_a_venir")
	n.exec(`update action set done_on = '2026-03-06' where id = $1`, id)

	n.problem(n.voice(first[0], id, true), http.StatusForbidden, "reserve_habitants")
	n.problem(n.post("/api/v1/abonnements", `{"code":"`+room.Seats[1].Code+`"}`), http.StatusForbidden, "reserve_habitants")
	var f following
	n.into(anybody.voice(first[0], id, false), http.StatusOK, &f)
	for _, one := range first {
		n.into(anybody.voice(one, id, true), http.StatusOK, &f)
	}
	if !*f.Actions[0].Better || f.Actions[0].State != "done" {
		t.Errorf("four of one table: %+v", f)
	}
	second := []following{follow(2), follow(2)}
	n.into(anybody.voice(second[0], id, false), http.StatusOK, &f)
	if f.Actions[0].State != "done" {
		t.Error("five have spoken, but all who say that it is better sat at one table")
	}
	var list struct {
		Actions []struct {
			State  string
			Voices *struct{ Better, Worse int }
		}
	}
	n.into(n.get("/api/v1/actions"), http.StatusOK, &list)
	if v := list.Actions[0].Voices; v == nil || v.Better != 4 || v.Worse != 1 {
		t.Errorf("the staff reads %+v", v)
	}
	n.into(anybody.voice(second[1], id, true), http.StatusOK, &f)
	if f.Actions[0].State != "verified" {
		t.Errorf("five of six, of both tables: %+v", f)
	}
	if got := n.followedByAll(); got.Actions[0].State != "verified" {
		t.Errorf("the public reads %+v", got)
	}
	var a sentBack
	n.into(n.get(path), http.StatusOK, &a)
	if last := a.History[len(a.History)-1]; last.State != "verified" || len(a.History) != 2 {
		t.Errorf("history %+v", a.History)
	}
	// Erased, nothing of it is left; what was said before stands.
	n.into(anybody.do(httptest.NewRequest(http.MethodDelete, "/api/v1/abonnements/"+first[0].Code, nil)), http.StatusOK, &struct{}{})
	n.problem(anybody.get("/api/v1/abonnements/"+first[0].Code), http.StatusNotFound, "abonnement_inconnu")
	if left := pgtest.Count(t, n.pool, `select count(*) from action_voice`); left != 5 {
		t.Errorf("%d voices are left, want 5", left)
	}
	follow(1) // the seat is free again
}

// TestFollowByEmail: an address counts once the word that was sent there comes
// back; taken away, it is gone; unconfirmed, it goes after a week, and all of it
// after the retention of contacts.
func TestFollowByEmail(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	var sent []atelier.Follower
	n.confirm = func(_ context.Context, f atelier.Follower) error { sent = append(sent, f); return nil }
	n.start()
	room := pgtest.Atelier(t, n.pool)
	anybody := n.by(auth.Public)
	var f following
	n.into(anybody.post("/api/v1/abonnements", `{"code":"`+room.Seats[0].Code+`"}`), http.StatusCreated, &f) // a table on paper
	path := "/api/v1/abonnements/" + f.Code
	n.problem(anybody.put(path+"/email", `{"email":"pas une adresse"}`), http.StatusBadRequest, "email_invalide")
	n.into(anybody.put(path+"/email", `{"email":"habitante@exemple.fr"}`), http.StatusOK, &f)
	if len(sent) != 1 || f.Email != "waiting" || !f.ByEmail {
		t.Fatalf("%d sent, %+v", len(sent), f)
	}
	n.problem(anybody.post(path+"/confirmation", `{"confirm":"2222222222222222"}`), http.StatusNotFound, "confirmation_inconnue")
	n.into(anybody.post(path+"/confirmation", `{"confirm":"`+sent[0].Confirm+`"}`), http.StatusOK, &f)
	if f.Email != "confirmed" {
		t.Errorf("confirmed: %+v", f)
	}
	n.into(anybody.put(path+"/email", `{"email":""}`), http.StatusOK, &f)
	if f.Email != "none" || pgtest.Count(t, n.pool, `select count(*) from contact.follower where email <> ''`) != 0 {
		t.Errorf("taken away: %+v", f)
	}
	n.into(anybody.put(path+"/email", `{"email":"habitante@exemple.fr"}`), http.StatusOK, &f)
	n.into(anybody.put(path+"/email", `{"email":"habitante@exemple.fr"}`), http.StatusOK, &f)
	n.problem(anybody.put(path+"/email", `{"email":"habitante@exemple.fr"}`), http.StatusTooManyRequests, "trop_de_messages")

	for _, c := range []struct {
		after           time.Duration
		emails, persons int
	}{{6 * 24 * time.Hour, 1, 1}, {8 * 24 * time.Hour, 0, 1}, {366 * 24 * time.Hour, 0, 0}} {
		if _, err := n.store.Purge(t.Context(), pgtest.Chambery, time.Now().Add(c.after)); err != nil {
			t.Fatal(err)
		}
		emails := pgtest.Count(t, n.pool, `select count(*) from contact.follower where email <> ''`)
		if persons := pgtest.Count(t, n.pool, `select count(*) from contact.follower`); emails != c.emails || persons != c.persons {
			t.Errorf("after %v: %d addresses of %d, want %d of %d", c.after, emails, persons, c.emails, c.persons)
		}
	}
	if strings.Contains(n.log.String(), "exemple.fr") {
		t.Error("an address is in the log")
	}
}

// TestDecidim: the files have Decidim's columns, what is public and nothing
// else, and no formula.
func TestDecidim(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	room, roomPath := n.saidEvening()
	_, path := n.promise(room, n.organisation("Bailleur"), "=Gardiennage", event("done", `,"proof":"Fait <ici> & là"`))
	n.promise(room, n.organisation("Autre"), "Rien de public", event("planned", ""))
	n.shows(path)
	n.closeEvening(roomPath)
	// As the platform's importer and form name them.
	columns := map[string]string{"resultats": "id;parent/id;title/fr;description/fr;start_date;end_date;status/id;progress;proposal_urls",
		"rencontres": "title/fr;start_time;end_time;location/fr;closing_report/fr;video_url;audio_url;attendees_count;contributions_count;attending_organizations;closed_at"}
	read := func(name string) map[string]string {
		t.Helper()
		w := n.get("/api/v1/decidim/" + name + ".csv")
		in := csv.NewReader(w.Body)
		in.Comma = ';'
		rows, err := in.ReadAll()
		if err != nil || len(rows) != 2 {
			t.Fatalf("%s: %v, %v", name, rows, err)
		}
		if got := strings.Join(rows[0], ";"); got != columns[name] {
			t.Errorf("%s: columns %s, want %s", name, got, columns[name])
		}
		out := map[string]string{}
		for i, column := range rows[0] {
			out[column] = rows[1][i]
		}
		return out
	}
	result := read("resultats")
	if result["title/fr"] != "'=Gardiennage" || result["progress"] != "100" || result["end_date"] != "2026-03-20" || result["start_date"] != "2026-03-12" ||
		!strings.Contains(result["description/fr"], "<p>Ce que vous avez dit : Le hall est occupé le soir</p>") || result["id"] != "" {
		t.Errorf("result %v", result)
	}
	meeting := read("rencontres")
	if meeting["attendees_count"] == "0" || !strings.Contains(meeting["closing_report/fr"], "Gardiennage. Fait &lt;ici&gt; &amp; là</p>") || strings.Contains(meeting["closing_report/fr"], "Rien de public") {
		t.Errorf("meeting %v", meeting)
	}
	n.problem(n.by(auth.Analyste).get("/api/v1/decidim/resultats.csv"), http.StatusForbidden, "acces_refuse")
}
