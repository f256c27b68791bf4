package api_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"quietude/server/auth"
	"quietude/server/pgtest"
)

// words are the routes by which somebody may come to read what is written of an
// evening, by who asks.
func (n *node) words(room uuid.UUID) map[auth.Role][]string {
	at := "/api/v1/ateliers/" + room.String()
	shared := []string{"/api/v1/findings", "/api/v1/actions", "/api/v1/actions.xlsx", "/api/v1/indicateurs", "/api/v1/quartiers/CE/portrait"}
	return map[auth.Role][]string{
		auth.Police:    append([]string{"/api/v1/textes", "/api/v1/statistiques/vue"}, shared...),
		auth.Analyste:  shared,
		auth.Animateur: {at + "/findings", "/api/v1/findings", "/api/v1/actions", at + "/compte-rendu.html", at + "/compte-rendu.odt"},
	}
}

// reads are the bodies of those routes; what only the animateur's form holds is
// left out.
func (n *node) reads(room uuid.UUID) map[string]*httptest.ResponseRecorder {
	n.t.Helper()
	out := map[string]*httptest.ResponseRecorder{}
	for role, paths := range n.words(room) {
		asked := n.by(role)
		for _, path := range paths {
			w := asked.get(path)
			if w.Code != http.StatusOK {
				n.t.Fatalf("%s %s: %d %s", role, path, w.Code, w.Body)
			}
			out[string(role)+" "+path] = w
		}
	}
	return out
}

// textOf is what a reader sees of an answer: parts of archives unpacked, and
// without the words that only the form of the animateur gets.
func (n *node) textOf(path string, w *httptest.ResponseRecorder) string {
	n.t.Helper()
	switch {
	case strings.HasSuffix(path, ".odt"), strings.HasSuffix(path, ".xlsx"):
		return strings.Join(partsOf(n.t, w.Body.Bytes()), "\n")
	}
	return formOnly.ReplaceAllString(w.Body.String(), "")
}

// formOnly are the words as they were written, which the animateur's form gets.
var formOnly = regexp.MustCompile(`"written":\{[^}]*\}`)

// partsOf are the parts of an archive.
func partsOf(t testing.TB, body []byte) (parts []string) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, string(raw))
	}
	return parts
}

// TestWordsOfAnEveningAreRead: what tables say, constats and answers are shown
// nowhere with a name in them before somebody has read them, and as was decided
// everywhere at once.
func TestWordsOfAnEveningAreRead(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	room, path := n.saidEvening()
	n.into(n.post("/api/v1/actions", fmt.Sprintf(`{"id":"%s","quartier":"CE","code":"REN","titre":"Demande de Mme Rossi-Faure","event":{"id":"%s","state":"refused","reason":"Voir M. Gaston Lemoine au 06 98 76 54 32"}}`,
		uuid.New(), uuid.New())), http.StatusCreated, &struct{}{})
	n.closeEvening(path)
	secret := []string{"Durand", "Martin Dupont", "06 12 34", "AB-123-CD", "exemple.fr", "Lefèvre", "Rossi", "Lemoine", "98 76"}
	none := func(when string) map[string]*httptest.ResponseRecorder {
		t.Helper()
		all := n.reads(room.ID)
		for path, w := range all {
			text := n.textOf(path, w)
			for _, bad := range secret {
				if strings.Contains(text, bad) {
					t.Errorf("%s: %s says %q", when, path, bad)
				}
			}
		}
		return all
	}
	before := none("before anybody has read")
	has := func(all map[string]*httptest.ResponseRecorder, path, want string) {
		t.Helper()
		if w := all[path]; !strings.Contains(n.textOf(path, w), want) {
			t.Errorf("%s lacks %q: %.600s", path, want, n.textOf(path, w))
		}
	}
	has(before, "police /api/v1/actions", "Texte en cours de relecture")
	has(before, "police /api/v1/findings", "Le passage est sombre")
	queue := n.queue(n.token("animateur"), "held")
	kinds := map[string]int{}
	for _, text := range queue.Texts {
		kinds[text.Objet+" "+text.Champ]++
	}
	// Of the notes of the markers each waits too.
	for what, want := range map[string]int{"remark texte": 2, "finding detail": 1, "action titre": 1, "action reason": 1, "finding titre": 0, "action detail": 0} {
		if kinds[what] != want {
			t.Errorf("%d of %s wait, want %d", kinds[what], what, want)
		}
	}
	n.readAll("redact")
	after := none("redacted")
	has(after, "animateur "+path+"/compte-rendu.html", "Du bruit")
	has(after, "animateur "+path+"/compte-rendu.odt", "Du bruit")
	has(after, "animateur "+path+"/findings", "Demande de Monsieur […]")
	has(after, "police /api/v1/textes", "Du bruit")
	has(after, "police /api/v1/actions.xlsx", "Voir M. […]")
	for path, w := range after {
		if cached := w.Header().Get("Cache-Control"); !strings.Contains(cached, "no-cache") && !strings.Contains(cached, "no-store") {
			t.Errorf("%s may be shown again without asking: %q", path, cached)
		}
		if tag := w.Header().Get("ETag"); tag != "" && tag == before[path].Header().Get("ETag") && n.textOf(path, w) != n.textOf(path, before[path]) {
			t.Errorf("%s: another text under the same tag", path)
		}
	}

	// The form of the animateur has the words as they were written, nobody else's.
	if b := n.get("/api/v1/actions").Body.String(); !strings.Contains(b, `"written"`) || !strings.Contains(b, "Lemoine") {
		t.Errorf("the animateur cannot see what was written: %s", b)
	}

	// What is refused is nowhere, a hidden remark neither, and what comes back comes
	// back everywhere.
	var remark uuid.UUID
	for _, text := range queue.Texts {
		if text.Objet == "remark" && strings.Contains(text.Proposal, "Du bruit") {
			remark = text.ObjetID
		}
	}
	n.into(n.post("/api/v1/moderation/decisions", decision("remark", remark, `"verdict":"hide","reason":"targets_person"`)), http.StatusCreated, &struct{}{})
	for path, w := range n.reads(room.ID) {
		if strings.Contains(n.textOf(path, w), "Du bruit") {
			t.Errorf("%s shows a hidden remark", path)
		}
	}
	if q := n.queue(n.token("animateur"), "hidden"); q.Hidden != 1 || len(q.Texts) != 1 || q.Texts[0].ObjetID != remark {
		t.Errorf("hidden: %+v", q)
	}
	n.into(n.post("/api/v1/moderation/decisions", decision("remark", remark, `"verdict":"restore","reason":"mistake"`)), http.StatusCreated, &struct{}{})
	has(n.reads(room.ID), "animateur "+path+"/compte-rendu.html", "Du bruit")
	n.problem(n.post("/api/v1/moderation/decisions", decision("finding", uuid.New(), `"verdict":"hide","reason":"abuse"`)), http.StatusBadRequest, "valeur_inconnue")
}

// TestErasedWordsLeaveNoDecision: what was decided about a person's words goes
// with them.
func TestErasedWordsLeaveNoDecision(t *testing.T) {
	t.Parallel()
	e := newEvening(t)
	id := uuid.New()
	body := fmt.Sprintf(`{"ops":[{"id":"%s","kind":"remark_add","remark":"%s","question":"troubles","text":"Mme Rossi-Faure crie"}]}`, uuid.New(), id)
	if w := e.as(e.author, http.MethodPost, e.room("/ops"), body); w.Code != http.StatusOK || strings.Contains(w.Body.String(), "problem") {
		t.Fatal(w.Body)
	}
	var own struct {
		Remarks []struct{ Text string }
	}
	e.into(e.as(e.author, http.MethodGet, e.room("/contribution"), ""), http.StatusOK, &own)
	if len(own.Remarks) != 1 || own.Remarks[0].Text != "Mme Rossi-Faure crie" {
		t.Errorf("one's own contribution: %+v", own)
	}
	e.readAll("publish")
	if b := e.get(e.room("/findings")).Body.String(); !strings.Contains(b, "Rossi") {
		t.Errorf("the wall lacks what was read: %s", b)
	}
	if w := e.as(e.author, http.MethodDelete, e.room("/contribution"), ""); w.Code != http.StatusOK {
		t.Fatal(w.Body)
	}
	for _, table := range []string{"moderation", "remark", "operation", "texte_libre"} {
		if n := pgtest.Count(t, e.pool, `select count(*) from `+table+` x where x::text like '%Rossi%' or x::text like '%' || $1 || '%'`, id.String()); n != 0 {
			t.Errorf("%s keeps %d rows of what was erased", table, n)
		}
	}
}

// TestErasedByCode: the animateur finds who asks to be erased by the code of their
// device, or by table and number; nobody else has the list.
func TestErasedByCode(t *testing.T) {
	t.Parallel()
	e := newEvening(t)
	e.draw()
	var own struct {
		Code string
		Rang int
	}
	e.into(e.as(e.author, http.MethodGet, e.room("/contribution"), ""), http.StatusOK, &own)
	type person struct {
		ID               uuid.UUID
		Table, Rang      int
		Code             string
		Markers, Remarks int
	}
	var listed struct{ Participants []person }
	e.into(e.get(e.room("/participants")), http.StatusOK, &listed)
	if len(listed.Participants) != 2 || listed.Participants[0].Code == listed.Participants[1].Code {
		t.Fatalf("%+v", listed)
	}
	i := slices.IndexFunc(listed.Participants, func(p person) bool { return p.Code == own.Code })
	if i < 0 || listed.Participants[i].ID != e.participant || listed.Participants[i].Rang != own.Rang || listed.Participants[i].Markers != 1 {
		t.Fatalf("code %q: %+v", own.Code, listed)
	}
	for _, token := range []string{e.author, e.token("police"), e.token("analyste"), e.token("dpo")} {
		if w := e.as(token, http.MethodGet, e.room("/participants"), ""); w.Code != http.StatusForbidden {
			t.Errorf("the list answers %d", w.Code)
		}
	}
	// An edition has taken the device its token; the code still leads to the person.
	e.exec(`update atelier set participant_key = decode(md5('another') || md5('key'), 'hex') where id = $1`, e.atelier.ID)
	animateur := e.token("animateur")
	if w := e.as(animateur, http.MethodDelete, e.room("/participants/"+listed.Participants[i].ID.String()), ""); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"erased_markers":1`) {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	e.into(e.get(e.room("/participants")), http.StatusOK, &listed)
	if len(listed.Participants) != 1 || listed.Participants[0].ID == e.participant {
		t.Errorf("after: %+v", listed)
	}
}

// TestPurgesAreKept: each purge leaves its figure, contacts included, for the DPO
// and the administrator.
func TestPurgesAreKept(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	id, _ := n.tell("")
	n.exec(`insert into contact.reporter (territoire, id, signalement, email, agreed_at) values ($1, gen_random_uuid(), $2, 'voisine@exemple.fr', $3::timestamptz - interval '13 months')`,
		pgtest.Chambery, id, now)
	type retained struct{ Past, Total int }
	var state struct {
		Past     int
		Contacts retained
		Purges   []struct {
			At       time.Time
			Past     int
			Texts    retained
			Contacts retained
		}
	}
	dpo := n.by(auth.DPO)
	dpo.into(dpo.get("/api/v1/conservation/etat"), http.StatusOK, &state)
	if state.Past != 1 || state.Contacts != (retained{1, 1}) || len(state.Purges) != 0 {
		t.Errorf("before: %+v", state)
	}
	n.exec(`insert into purge (territoire, at, texts_past, texts_total, positions_past, positions_total, logs_past, logs_total, contacts_past, contacts_total)
		values ($1, $2::timestamptz - interval '25 months', 9, 9, 9, 9, 9, 9, 9, 9)`, pgtest.Chambery, now)
	if _, err := n.store.Purge(t.Context(), pgtest.Chambery, now); err != nil {
		t.Fatal(err)
	}
	dpo.into(dpo.get("/api/v1/conservation/etat"), http.StatusOK, &state)
	if state.Past != 0 || len(state.Purges) != 1 || !state.Purges[0].At.Equal(now) || state.Purges[0].Past != 0 || state.Purges[0].Texts.Total != 1 || state.Purges[0].Contacts != (retained{}) {
		t.Errorf("after: %+v", state)
	}
}
