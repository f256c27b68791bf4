package api_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

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
