package api_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"quietude/server/atelier"
	"quietude/server/pgtest"
)

func (n *node) put(path, body string) *httptest.ResponseRecorder {
	n.t.Helper()
	r := httptest.NewRequest(http.MethodPut, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return n.do(r)
}

// problem is the code of an answer that must be a problem with a status.
func (n *node) problem(w *httptest.ResponseRecorder, status int, code string) {
	n.t.Helper()
	var p struct{ Code string }
	n.into(w, status, &p)
	if p.Code != code {
		n.t.Errorf("problem %q, want %q: %s", p.Code, code, w.Body)
	}
}

type sentBack struct {
	ID       uuid.UUID
	Version  int
	State    string
	Next     []string
	Late     bool
	Answered bool
	Tables   []int
	Dots     *int
	Markers  []uuid.UUID
	Quartier string
	DoneOn   string `json:"done_on"`
	History  []struct {
		Seq         int
		From, State string
		Reason      string
	}
}

// TestFindingIsWrittenOnce: the same request twice writes once; a change that
// has not seen the last one is refused and shows it; what does not exist in
// the room cannot be linked.
func TestFindingIsWrittenOnce(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	room := pgtest.Atelier(t, n.pool)
	other := pgtest.Atelier(t, n.pool)
	marker := pgtest.Marker(t, n.pool, room)
	foreign := pgtest.Marker(t, n.pool, other)
	path := "/api/v1/ateliers/" + room.ID.String() + "/findings/" + uuid.NewString()
	body := `{"base":0,"rang":1,"titre":"Le passage est sombre","themes":["AMB"],"tables":[2],"markers":["` + marker.ID.String() + `"],
		"geometry":{"type":"Point","coordinates":[5.9187,45.5665]}}`
	var f sentBack
	n.into(n.put(path, body), http.StatusCreated, &f)
	if f.Version != 1 || f.Quartier != "CE" || f.Answered || !slices.Equal(f.Markers, []uuid.UUID{marker.ID}) {
		t.Errorf("created %+v", f)
	}
	n.into(n.put(path, body), http.StatusOK, &f)
	n.into(n.put(path, strings.Replace(body, `"base":0`, `"base":1`, 1)), http.StatusOK, &f)
	if f.Version != 2 {
		t.Errorf("version %d after one change, want 2", f.Version)
	}
	n.problem(n.put(path, `{"base":1,"rang":1,"titre":"Autre chose"}`), http.StatusConflict, "version_depassee")
	n.problem(n.put(path, `{"base":2,"rang":1,"titre":"Le passage","markers":["`+foreign.ID.String()+`"]}`), http.StatusUnprocessableEntity, "lien_inconnu")
	n.problem(n.put(path, `{"base":2,"rang":1,"titre":"Loin","geometry":{"type":"Point","coordinates":[2.35,48.85]}}`), http.StatusUnprocessableEntity, "hors_territoire")
	n.problem(n.put(strings.Replace(path, room.ID.String(), other.ID.String(), 1), `{"base":2,"rang":1,"titre":"Ailleurs"}`), http.StatusNotFound, "constat_inconnu")
	var list struct{ Findings []sentBack }
	n.into(n.get("/api/v1/findings?quartier=CE&atelier="+room.ID.String()), http.StatusOK, &list)
	if len(list.Findings) != 1 || list.Findings[0].Version != 2 || list.Findings[0].Dots == nil {
		t.Errorf("listed %+v", list)
	}

	resident := room.Token(atelier.Participant{ID: uuid.New(), Table: 1})
	r := httptest.NewRequest(http.MethodGet, "/api/v1/ateliers/"+room.ID.String()+"/findings", nil)
	r.Header.Set("Authorization", "Bearer "+resident)
	list.Findings = nil
	n.into(n.do(r), http.StatusOK, &list)
	if len(list.Findings) != 1 || list.Findings[0].Dots != nil || list.Findings[0].Markers != nil {
		t.Errorf("a resident reads %+v", list.Findings)
	}
	r = httptest.NewRequest(http.MethodPut, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+resident)
	n.problem(n.do(r), http.StatusForbidden, "acces_refuse")
}

// TestActionLife follows an answer from the evening to what was done, each
// change kept.
func TestActionLife(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	room := pgtest.Atelier(t, n.pool)
	finding, bailleur := uuid.NewString(), uuid.NewString()
	n.into(n.put("/api/v1/ateliers/"+room.ID.String()+"/findings/"+finding, `{"base":0,"rang":1,"titre":"Le hall est occupé"}`), http.StatusCreated, &struct{}{})
	n.into(n.put("/api/v1/organisations/"+bailleur, `{"nom":"Cristal Habitat","kind":"bailleur"}`), http.StatusOK, &struct{}{})
	n.problem(n.put("/api/v1/organisations/"+uuid.NewString(), `{"nom":"Cristal Habitat","kind":"ville"}`), http.StatusConflict, "nom_pris")

	id, first := uuid.NewString(), uuid.NewString()
	add := func(event string) string {
		return `{"id":"` + id + `","atelier":"` + room.ID.String() + `","code":"BAI","titre":"Gardiennage du hall","findings":["` + finding +
			`"],"partners":["` + bailleur + `"],"pilote":"` + bailleur + `","echeance":"2026-03-19","event":` + event + `}`
	}
	n.problem(n.post("/api/v1/actions", add(`{"id":"`+first+`","state":"refused"}`)), http.StatusBadRequest, "motif_absent")
	n.problem(n.post("/api/v1/actions", add(`{"id":"`+first+`","state":"verified"}`)), http.StatusConflict, "transition_refusee")
	var a sentBack
	body := add(`{"id":"` + first + `","state":"planned"}`)
	n.into(n.post("/api/v1/actions", body), http.StatusCreated, &a)
	if a.State != "planned" || !a.Late || a.Quartier != "CE" || len(a.History) != 1 || !slices.Contains(a.Next, "ongoing") {
		t.Errorf("created %+v", a)
	}
	n.into(n.post("/api/v1/actions", body), http.StatusOK, &a)
	n.problem(n.post("/api/v1/actions", add(`{"id":"`+uuid.NewString()+`","state":"planned"}`)), http.StatusConflict, "action_differente")

	var list struct{ Findings []sentBack }
	n.into(n.get("/api/v1/ateliers/"+room.ID.String()+"/findings"), http.StatusOK, &list)
	if len(list.Findings) != 1 || !list.Findings[0].Answered {
		t.Errorf("the finding reads %+v", list.Findings)
	}
	path := "/api/v1/actions/" + id
	n.into(n.put(path, `{"base":1,"code":"BAI","titre":"Gardiennage des halls","findings":["`+finding+`"],"echeance":"2026-06-30"}`), http.StatusOK, &a)
	if a.Version != 2 || a.Late || a.State != "planned" {
		t.Errorf("edited %+v", a)
	}
	n.problem(n.put(path, `{"base":1,"code":"BAI","titre":"Rien"}`), http.StatusConflict, "version_depassee")
	event := `{"id":"` + uuid.NewString() + `","state":"done","proof":"Gardien présent chaque soir"}`
	n.problem(n.post(path+"/events", `{"id":"`+uuid.NewString()+`","state":"done"}`), http.StatusBadRequest, "preuve_absente")
	n.problem(n.post(path+"/events", `{"id":"`+uuid.NewString()+`","state":"verified"}`), http.StatusConflict, "transition_refusee")
	n.into(n.post(path+"/events", event), http.StatusOK, &a)
	n.into(n.post(path+"/events", event), http.StatusOK, &a)
	n.problem(n.post(path+"/events", `{"id":"`+uuid.NewString()+`","state":"verified"}`), http.StatusForbidden, "reserve_habitants")
	n.into(n.get(path), http.StatusOK, &a)
	if a.State != "done" || a.DoneOn != "2026-03-20" || len(a.History) != 2 || a.History[1].From != "planned" || a.History[1].Seq != 2 {
		t.Errorf("done: %+v", a)
	}
	var found struct{ Actions []sentBack }
	for query, want := range map[string]int{"": 1, "?late=true": 0, "?state=done&quartier=CE": 1, "?state=planned": 0,
		"?pilote=" + bailleur: 1, "?pilote=" + uuid.NewString(): 0, "?quartier=BE": 0} {
		n.into(n.get("/api/v1/actions"+query), http.StatusOK, &found)
		if len(found.Actions) != want {
			t.Errorf("%q finds %d actions, want %d", query, len(found.Actions), want)
		}
	}
	n.problem(n.get("/api/v1/actions/"+uuid.NewString()), http.StatusNotFound, "action_inconnue")
	if late := pgtest.Count(t, n.pool, `select count(*) from action_event`); late != 2 {
		t.Errorf("%d events are kept, want 2", late)
	}
}
