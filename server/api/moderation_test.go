package api_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"quietude/geo/hexgrid"
	"quietude/server/atelier"
	"quietude/server/live"
	"quietude/server/pgtest"
	"quietude/server/store"
)

// token gives a bearer token of a role in the territoire.
func (n *node) token(role string) string {
	n.t.Helper()
	return pgtest.Token(n.t, n.pool, role)
}

// as sends a request with a token.
func (n *node) as(token, method, path, body string) *httptest.ResponseRecorder {
	n.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("Authorization", "Bearer "+token)
	return n.do(r)
}

// evening is an open room with a resident who has placed a marker with a note,
// and a neighbour at the same table.
type evening struct {
	*node
	atelier           atelier.Atelier
	author, neighbour string // tokens
	participant       uuid.UUID
	marker            uuid.UUID
}

const note = "Karim Benali crie ici, 06 12 34 56 78"

func newEvening(t *testing.T) *evening {
	n := newNode(t)
	e := &evening{node: n, atelier: pgtest.Atelier(t, n.pool), marker: uuid.New()}
	e.author, e.participant = e.sit()
	e.neighbour, _ = e.sit()
	if err := n.publisher.Announce(t.Context()); err != nil { // lets the title of the evening through
		t.Fatal(err)
	}
	return e
}

func (e *evening) sit() (token string, participant uuid.UUID) {
	e.t.Helper()
	p, err := e.store.AddParticipant(e.t.Context(), e.atelier, 1, e.atelier.Pseudonym(1, uuid.New()))
	if err != nil {
		e.t.Fatal(err)
	}
	return e.atelier.Token(p), p.ID
}

func (e *evening) draw() {
	e.t.Helper()
	body := fmt.Sprintf(`{"ops":[{"id":"%s","kind":"add","marker":"%s","felt":"unsafe","geometry":{"type":"Point","coordinates":[5.9178,45.5646]},"attributes":{"note":%q}}]}`,
		uuid.New(), e.marker, note)
	if w := e.as(e.author, http.MethodPost, e.room("/ops"), body); w.Code != http.StatusOK || strings.Contains(w.Body.String(), "problem") {
		e.t.Fatalf("draw: %d %s", w.Code, w.Body)
	}
}

func (e *evening) room(path string) string { return "/api/v1/ateliers/" + e.atelier.ID.String() + path }

// tell sends a signalement with a note and gives its identifier and receipt.
func (n *node) tell(subtheme string) (id uuid.UUID, receipt string) {
	n.t.Helper()
	var f struct {
		ID      uuid.UUID
		Receipt string
	}
	body := fmt.Sprintf(`{"id":"%s","geometry":{"type":"Point","coordinates":[5.9178,45.5646]},"theme":"BRU","subtheme":%q,"note":%q,"occurred_from":"2026-03-19T22:30:00Z"}`,
		uuid.Must(uuid.NewV7()), subtheme, note)
	n.into(n.post("/api/v1/signalements", body), http.StatusCreated, &f)
	return f.ID, f.Receipt
}

type queue struct {
	Held, Hidden int
	Next         string
	Texts        []struct {
		Objet    string
		ObjetID  uuid.UUID `json:"objet_id"`
		Champ    string
		Digest   string
		State    string
		Proposal string
		Shown    string
		Segments []struct{ Text, Kind string }
	}
}

func (n *node) queue(token, state string) queue {
	n.t.Helper()
	var q queue
	n.into(n.as(token, http.MethodGet, "/api/v1/moderation?limit=100&state="+state, ""), http.StatusOK, &q)
	return q
}

func decision(objet string, id uuid.UUID, members string) string {
	return fmt.Sprintf(`{"id":"%s","objet":%q,"objet_id":"%s",%s}`, uuid.New(), objet, id, members)
}

func digestOfText(text string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(text))) }

// views are answers that count or list: what is hidden must leave them as if
// it had never been.
func (e *evening) views() []string {
	const at = "resolution=11"
	return []string{
		"/api/v1/signalements", "/api/v1/signalements?theme=BRU&limit=1",
		"/api/v1/quartiers/CE/hexagones?" + at, "/api/v1/quartiers/CE/hexagones.csv?" + at,
		"/api/v1/hexagones?bbox=5.91,45.56,5.92,45.57&" + at, "/api/v1/hexagones.csv?bbox=5.91,45.56,5.92,45.57&" + at,
		"/tiles/hexagones/15/16922/11714.mvt", "/tiles/hexagones/12/2115/1464.mvt",
	}
}

type seen struct{ body, tag string }

func (e *evening) look() map[string]seen {
	e.t.Helper()
	out := map[string]seen{}
	for _, v := range e.views() {
		w := e.get(v)
		if w.Code != http.StatusOK && w.Code != http.StatusNoContent {
			e.t.Fatalf("%s: %d %s", v, w.Code, w.Body)
		}
		out[v] = seen{w.Body.String(), w.Header().Get("ETag")}
	}
	return out
}

// TestDecisionReachesEveryView hides a marker and a signalement and compares
// every list, tile, export and count with what it was before they existed.
func TestDecisionReachesEveryView(t *testing.T) {
	t.Parallel()
	e := newEvening(t)
	animateur := e.token("animateur")
	before := e.look()
	e.draw()
	id, _ := e.tell("")
	with := e.look()
	for v := range before {
		if with[v].body == before[v].body {
			t.Fatalf("%s does not show the marker and the signalement: it proves nothing", v)
		}
	}
	for _, d := range []string{decision("marker", e.marker, `"verdict":"hide","reason":"targets_person"`),
		decision("signalement", id, `"verdict":"hide","reason":"abuse"`)} {
		for _, want := range []int{http.StatusCreated, http.StatusOK} { // the second time changes nothing
			if w := e.as(animateur, http.MethodPost, "/api/v1/moderation/decisions", d); w.Code != want {
				t.Fatalf("decide: %d %s, want %d", w.Code, w.Body, want)
			}
		}
	}
	hidden := e.look()
	for v, s := range hidden {
		if s.body != before[v].body {
			t.Errorf("%s still differs from before:\n%.300s\nwas\n%.300s", v, s.body, before[v].body)
		}
		if s.tag != "" && s.tag == with[v].tag {
			t.Errorf("%s: the tag did not change", v)
		}
	}
	if q := e.queue(animateur, "hidden"); q.Held != 0 || q.Hidden != 2 || len(q.Texts) != 2 {
		t.Errorf("the queue after hiding: %+v", q)
	}
	e.checkNowhere(e.neighbour, id)
	for _, role := range []string{"analyste", "police", "bailleur", "admin", "dpo"} {
		e.checkNowhere(e.token(role), id)
	}
	for _, d := range []string{decision("marker", e.marker, `"verdict":"restore","reason":"mistake"`),
		decision("signalement", id, `"verdict":"restore","reason":"mistake"`)} {
		if w := e.as(animateur, http.MethodPost, "/api/v1/moderation/decisions", d); w.Code != http.StatusCreated {
			t.Fatalf("restore: %d %s", w.Code, w.Body)
		}
	}
	for v, s := range e.look() {
		if s.body != with[v].body {
			t.Errorf("%s does not come back", v)
		}
	}
	var h struct {
		Decisions []struct{ Verdict, Reason, Role string }
	}
	e.into(e.as(animateur, http.MethodGet, "/api/v1/moderation/marker/"+e.marker.String(), ""), http.StatusOK, &h)
	if len(h.Decisions) != 2 || h.Decisions[0].Reason != "targets_person" || h.Decisions[1].Verdict != "restore" || h.Decisions[0].Role != "animateur" {
		t.Errorf("history %+v", h)
	}
}

// checkNowhere asks every GET route of the contract as somebody and looks for
// the hidden objects and for their words.
func (e *evening) checkNowhere(token string, signalement uuid.UUID) {
	e.t.Helper()
	fill := strings.NewReplacer("{id}", e.atelier.ID.String(), "{code}", "CE", "{numero}", "1", "{layer}", "hexagones",
		"{z}", "15", "{x}", "16922", "{y}", "11714", "{objet}", "marker", "{participant}", e.participant.String())
	asked := 0
	for _, r := range e.api.Routes() {
		if r.Method != http.MethodGet || r.Stream {
			continue
		}
		path := fill.Replace(r.Path)
		if strings.Contains(path, "{") {
			continue
		}
		w := e.as(token, http.MethodGet, path+"?bbox=5.91,45.56,5.92,45.57", "")
		if w.Code == http.StatusBadRequest {
			w = e.as(token, http.MethodGet, path, "") // it knows no bbox
		}
		asked++
		for _, trace := range []string{signalement.String(), "Karim", "06 12"} {
			if strings.Contains(w.Body.String(), trace) {
				e.t.Errorf("%s says %q: %.300s", path, trace, w.Body)
			}
		}
		// The log names the marker it hides, and nothing else of it.
		if strings.Contains(w.Body.String(), e.marker.String()) && !strings.HasSuffix(r.Path, "/ops") {
			e.t.Errorf("%s names the hidden marker: %.300s", path, w.Body)
		}
	}
	if asked < 20 {
		e.t.Errorf("only %d routes were asked", asked)
	}
}

// TestTextsAreHeldUntilRead follows a note from the queue to the police.
func TestTextsAreHeldUntilRead(t *testing.T) {
	t.Parallel()
	e := newEvening(t)
	animateur, police, analyste := e.token("animateur"), e.token("police"), e.token("analyste")
	e.draw()
	id, _ := e.tell("Voisin du 3e étage")
	q := e.queue(animateur, "held")
	if q.Held != 3 || len(q.Texts) != 3 {
		t.Fatalf("the queue: %+v", q)
	}
	for _, text := range q.Texts {
		whole, kinds := "", ""
		for _, s := range text.Segments {
			whole += s.Text
			kinds += s.Kind + " "
		}
		if text.Champ == "note" && (whole != note || !strings.Contains(kinds, "name") || !strings.Contains(kinds, "phone")) {
			t.Errorf("segments of a note: %+v", text.Segments)
		}
		if strings.Contains(text.Proposal, "Karim") || strings.Contains(text.Proposal, "06 12") || strings.Contains(text.Proposal, "3e") {
			t.Errorf("the proposal keeps %q", text.Proposal)
		}
	}
	list := "/api/v1/signalements"
	for who, token := range map[string]string{"animateur": animateur, "police": police, "analyste": analyste} {
		if b := e.as(token, http.MethodGet, list, "").Body.String(); strings.Contains(b, "Karim") || strings.Contains(b, "étage") {
			t.Errorf("%s reads what nobody has read: %s", who, b)
		}
	}
	redacted := fmt.Sprintf(`"champ":"note","verdict":"redact","reason":"name","digest":"%s","texte":"Quelqu’un crie ici"`, digestOfText(note))
	for _, d := range []string{
		decision("signalement", id, redacted), decision("marker", e.marker, redacted),
		decision("signalement", id, fmt.Sprintf(`"champ":"subtheme","verdict":"withhold","reason":"address","digest":"%s"`, digestOfText("Voisin du 3e étage"))),
	} {
		if w := e.as(animateur, http.MethodPost, "/api/v1/moderation/decisions", d); w.Code != http.StatusCreated {
			t.Fatalf("decide: %d %s", w.Code, w.Body)
		}
	}
	if q := e.queue(animateur, "held"); q.Held != 0 || len(q.Texts) != 0 {
		t.Errorf("the queue after: %+v", q)
	}
	if b := e.as(police, http.MethodGet, list, "").Body.String(); !strings.Contains(b, "Quelqu’un crie ici") || strings.Contains(b, "étage") {
		t.Errorf("the police read %s", b)
	}
	if b := e.as(police, http.MethodGet, "/api/v1/textes", "").Body.String(); strings.Count(b, "Quelqu’un crie ici") != 2 || strings.Contains(b, "coordinates") {
		t.Errorf("the texts of the police: %s", b)
	}
	if b := e.as(analyste, http.MethodGet, list, "").Body.String(); strings.Contains(b, "Quelqu’un") {
		t.Errorf("the analyste reads %s", b)
	}
	for _, token := range []string{police, analyste, e.author, e.token("admin"), e.token("dpo")} {
		if w := e.as(token, http.MethodGet, "/api/v1/moderation", ""); w.Code != http.StatusForbidden {
			t.Errorf("the queue answers %d to a role that may not read it", w.Code)
		}
	}
	var readings, texts int
	if err := e.pool.QueryRow(t.Context(), `select count(*), sum(elements) from journal.consultation where objet = 'textes'`).Scan(&readings, &texts); err != nil ||
		readings != 2 || texts != 5 { // the queue of three, the two of the police; an empty queue is no reading
		t.Errorf("the access log has %d readings of %d texts: %v", readings, texts, err)
	}
	// A text changed since its decision is held again.
	edit := fmt.Sprintf(`{"ops":[{"id":"%s","kind":"edit","marker":"%s","attributes":{"note":"Mme Durand aussi"}}]}`, uuid.New(), e.marker)
	if w := e.as(e.author, http.MethodPost, e.room("/ops"), edit); w.Code != http.StatusOK {
		t.Fatal(w.Body)
	}
	if q := e.queue(animateur, "held"); q.Held != 1 || q.Texts[0].ObjetID != e.marker {
		t.Errorf("after the edit: %+v", q)
	}
	if b := e.as(police, http.MethodGet, "/api/v1/textes", "").Body.String(); strings.Count(b, "Quelqu’un crie ici") != 1 || strings.Contains(b, "Durand") {
		t.Errorf("the texts of the police after the edit: %s", b)
	}
	stale := decision("marker", e.marker, fmt.Sprintf(`"champ":"note","verdict":"publish","digest":"%s"`, digestOfText(note)))
	if w := e.as(animateur, http.MethodPost, "/api/v1/moderation/decisions", stale); w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "texte_modifie") {
		t.Errorf("a decision about a text that is no longer there: %d %s", w.Code, w.Body)
	}
}

// TestQueueHasPages reads the queue one by one.
func TestQueueHasPages(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	animateur := n.token("animateur")
	want := map[string]bool{}
	for range 3 {
		id, _ := n.tell("Terrasse")
		want[id.String()+"note"], want[id.String()+"subtheme"] = true, true
	}
	cursor := ""
	for pages := 0; ; pages++ {
		var q queue
		n.into(n.as(animateur, http.MethodGet, "/api/v1/moderation?limit=1&cursor="+cursor, ""), http.StatusOK, &q)
		if len(q.Texts) != 1 || q.Held != 6 {
			t.Fatalf("page %d: %+v", pages, q)
		}
		key := q.Texts[0].ObjetID.String() + q.Texts[0].Champ
		if !want[key] {
			t.Fatalf("%s twice, or never sent", key)
		}
		delete(want, key)
		if cursor = q.Next; cursor == "" {
			break
		}
	}
	if len(want) != 0 {
		t.Errorf("never listed: %v", want)
	}
	for _, bad := range []string{"x", "AAAA", "MjAyNi0wMy0yMFQxMDowMDowMFogeA"} {
		if w := n.as(animateur, http.MethodGet, "/api/v1/moderation?cursor="+bad, ""); w.Code != http.StatusBadRequest {
			t.Errorf("cursor %q: %d", bad, w.Code)
		}
	}
}

// TestBadDecisions sends what may not be decided; nothing is written.
func TestBadDecisions(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	animateur := n.token("animateur")
	id, _ := n.tell("")
	read := fmt.Sprintf(`"champ":"note","digest":"%s"`, digestOfText(note))
	for name, c := range map[string]struct {
		body string
		code string
	}{
		"unknown object":        {decision("signalement", uuid.New(), `"verdict":"hide","reason":"test"`), "introuvable"},
		"marker of that name":   {decision("marker", id, `"verdict":"hide","reason":"test"`), "introuvable"},
		"no reason":             {decision("signalement", id, `"verdict":"hide"`), "valeur_inconnue"},
		"reason of another":     {decision("signalement", id, `"verdict":"hide","reason":"mistake"`), "valeur_inconnue"},
		"publish with a reason": {decision("signalement", id, read+`,"verdict":"publish","reason":"name"`), "valeur_inconnue"},
		"redact to nothing":     {decision("signalement", id, read+`,"verdict":"redact","reason":"name","texte":"  "`), "champ_absent"},
		"withhold with a text":  {decision("signalement", id, read+`,"verdict":"withhold","reason":"name","texte":"x"`), "champ_en_trop"},
		"text without champ":    {decision("signalement", id, `"verdict":"publish"`), "valeur_inconnue"},
		"no such text":          {decision("signalement", id, fmt.Sprintf(`"champ":"subtheme","verdict":"publish","digest":"%s"`, digestOfText(""))), "texte_modifie"},
	} {
		w := n.as(animateur, http.MethodPost, "/api/v1/moderation/decisions", c.body)
		if w.Code < 400 || w.Code >= 500 || !strings.Contains(w.Body.String(), `"`+c.code+`"`) {
			t.Errorf("%s: %d %s, want %s", name, w.Code, w.Body, c.code)
		}
	}
	var decided int
	if err := n.pool.QueryRow(t.Context(), `select count(*) from moderation`).Scan(&decided); err != nil || decided != 0 {
		t.Errorf("%d decisions written: %v", decided, err)
	}
}

// TestReceipt reads and erases a signalement with its receipt.
func TestReceipt(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	empty := n.get("/api/v1/quartiers/CE/hexagones?resolution=11").Body.String()
	id, receipt := n.tell("")
	typed := strings.ToLower(receipt[:4] + "-" + receipt[4:8] + " " + receipt[8:])
	with := func(method, code string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, "/api/v1/recu", nil)
		r.Header.Set("Recu", code)
		return n.do(r)
	}
	var own struct {
		ID   uuid.UUID
		Note string
	}
	n.into(with(http.MethodGet, typed), http.StatusOK, &own)
	if own.ID != id || own.Note != note {
		t.Errorf("the receipt shows %+v", own)
	}
	if w := with(http.MethodGet, atelier.NewCode()+"2345"); w.Code != http.StatusNotFound {
		t.Errorf("a wrong receipt: %d", w.Code)
	}
	if w := with(http.MethodDelete, receipt); w.Code != http.StatusOK {
		t.Fatalf("erase: %d %s", w.Code, w.Body)
	}
	if w := with(http.MethodGet, receipt); w.Code != http.StatusNotFound {
		t.Errorf("after the erasure: %d", w.Code)
	}
	if got := n.get("/api/v1/quartiers/CE/hexagones?resolution=11").Body.String(); got != empty {
		t.Errorf("it is still counted: %s", got)
	}
	if log := n.log.String(); strings.Contains(log, receipt) || strings.Contains(log, "Karim") || strings.Contains(log, "5.91") {
		t.Errorf("the log says %s", log)
	}
}

// TestContribution exports and erases what a resident gave.
func TestContribution(t *testing.T) {
	t.Parallel()
	e := newEvening(t)
	empty := e.look()
	e.draw()
	var own struct {
		Table      int
		Operations int
		Markers    []struct {
			ID         uuid.UUID
			Properties struct{ Note string }
		}
	}
	e.into(e.as(e.author, http.MethodGet, e.room("/contribution"), ""), http.StatusOK, &own)
	if own.Table != 1 || own.Operations != 1 || len(own.Markers) != 1 || own.Markers[0].ID != e.marker || own.Markers[0].Properties.Note != note {
		t.Errorf("the export: %+v", own)
	}
	e.into(e.as(e.neighbour, http.MethodGet, e.room("/contribution"), ""), http.StatusOK, &own)
	if len(own.Markers) != 0 {
		t.Errorf("the neighbour exports %+v", own)
	}
	if w := e.as(e.neighbour, http.MethodDelete, e.room("/participants/"+e.participant.String()), ""); w.Code != http.StatusForbidden {
		t.Errorf("a resident erases another: %d", w.Code)
	}
	if w := e.as(e.token("animateur"), http.MethodDelete, e.room("/participants/"+uuid.NewString()), ""); w.Code != http.StatusNotFound {
		t.Errorf("erasing nobody: %d", w.Code)
	}
	if w := e.as(e.author, http.MethodDelete, e.room("/contribution"), ""); w.Code != http.StatusOK {
		t.Fatalf("erase: %d %s", w.Code, w.Body)
	}
	for v, s := range e.look() {
		if s.body != empty[v].body {
			t.Errorf("%s still shows what was erased", v)
		}
	}
	if w := e.as(e.author, http.MethodGet, e.room("/contribution"), ""); w.Code != http.StatusNotFound {
		t.Errorf("the export after: %d", w.Code)
	}
}

// TestConservation sets the durations and meets them where residents read them.
func TestConservation(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	dpo := n.token("dpo")
	set := `{"text_months":6,"position_months":18,"contact_months":3}`
	if w := n.as(n.token("animateur"), http.MethodPut, "/api/v1/conservation", set); w.Code != http.StatusForbidden {
		t.Errorf("an animateur decides the retention: %d", w.Code)
	}
	if w := n.as(dpo, http.MethodPut, "/api/v1/conservation", `{"text_months":25,"position_months":18,"contact_months":3}`); w.Code != http.StatusBadRequest {
		t.Errorf("25 months: %d", w.Code)
	}
	if w := n.as(dpo, http.MethodPut, "/api/v1/conservation", set); w.Code != http.StatusOK {
		t.Fatalf("set: %d %s", w.Code, w.Body)
	}
	for lang, want := range map[string]string{"fr": "18 mois", "en": "18 months"} {
		if b := n.get("/api/v1/notice?lang=" + lang).Body.String(); !strings.Contains(b, want) {
			t.Errorf("the notice (%s) does not say %q", lang, want)
		}
	}
	a := pgtest.Atelier(t, n.pool, func(a *atelier.Atelier) { a.ClosesAt = now.Add(time.Hour) })
	var table struct {
		Retention struct {
			Text     int `json:"text_months"`
			Position int `json:"position_months"`
		}
	}
	n.into(n.get("/api/v1/tables/"+a.Seats[0].Code), http.StatusOK, &table)
	if table.Retention.Text != 6 || table.Retention.Position != 18 {
		t.Errorf("the joining screen says %+v", table.Retention)
	}
}

// TestPurge ages what residents gave: the words go, the positions become those
// of their cells, and no map changes.
func TestPurge(t *testing.T) {
	t.Parallel()
	e := newEvening(t)
	e.draw()
	id, _ := e.tell("Terrasse")
	e.tell("") // stays young
	if w := e.as(e.token("animateur"), http.MethodPost, "/api/v1/moderation/decisions",
		decision("marker", e.marker, fmt.Sprintf(`"champ":"note","verdict":"publish","digest":"%s"`, digestOfText(note)))); w.Code != http.StatusCreated {
		t.Fatal(w.Body)
	}
	age := func(years int) {
		t.Helper()
		for _, sql := range []string{`update atelier set starts_at = starts_at - make_interval(years => $1), closes_at = closes_at - make_interval(years => $1)`,
			`update signalement set received_at = received_at - make_interval(years => $1) where id = '` + id.String() + `'`} {
			if _, err := e.pool.Exec(t.Context(), sql, years); err != nil {
				t.Fatal(err)
			}
		}
	}
	purge := func(wantBefore int) {
		t.Helper()
		var state struct{ Past, Total int }
		e.into(e.as(e.token("dpo"), http.MethodGet, "/api/v1/conservation/etat", ""), http.StatusOK, &state)
		if state.Past != wantBefore {
			t.Errorf("%d rows past retention before, want %d", state.Past, wantBefore)
		}
		for range 2 { // twice is once
			r, err := e.store.Purge(t.Context(), e.city.Code, now)
			if err != nil || r.Sum().Past != 0 || r.Sum().Total == 0 {
				t.Fatalf("purge: %+v %v", r, err)
			}
		}
	}
	counts := func() string {
		return e.get("/api/v1/quartiers/CE/hexagones?resolution=11&source=signalements").Body.String() +
			e.get("/api/v1/quartiers/CE/hexagones?resolution=11&source=markers").Body.String()
	}
	if _, err := e.pool.Exec(t.Context(), `update atelier set starts_at = $1::timestamptz - interval '1 hour', closes_at = $1`, now); err != nil {
		t.Fatal(err)
	}
	if _, err := e.pool.Exec(t.Context(), `update signalement set received_at = $1 where id = $2`, now, id); err != nil {
		t.Fatal(err)
	}
	e.start()
	full := counts()
	purge(0)

	age(1)
	purge(0) // to the second, not yet
	for _, sql := range []string{`update atelier set closes_at = closes_at - interval '1 second'`,
		`update signalement set received_at = received_at - interval '1 second'`} {
		if _, err := e.pool.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	purge(2) // the note of the marker, the texts of the signalement
	rows := e.everything()
	if bytes.Count(rows, []byte("Karim")) != 1 || bytes.Contains(rows, []byte("Terrasse")) {
		t.Errorf("words are left: %s", lines(rows, "Karim", "Terrasse"))
	}
	if !bytes.Contains(rows, []byte("5.9178")) {
		t.Error("the positions went with the words")
	}
	age(1)
	purge(3) // the position of the marker, that of the signalement, the log
	rows = e.everything()
	if n := bytes.Count(rows, []byte("5.9178,")); n != 1 {
		t.Errorf("%d rows still have the exact position, want that of the young one: %s", n, lines(rows, "5.9178,"))
	}
	e.start() // read everything anew, as any node would
	if got := counts(); got != full {
		t.Errorf("the maps changed:\n%s\nwas\n%s", got, full)
	}
	cell, err := hexgrid.CellOf([2]float64{5.9178, 45.5646}, hexgrid.Stored)
	if err != nil {
		t.Fatal(err)
	}
	var own struct {
		Features []struct{ Properties struct{ H3 string } }
	}
	e.into(e.get("/api/v1/signalements"), http.StatusOK, &own)
	for _, f := range own.Features {
		if f.Properties.H3 != cell.String() {
			t.Errorf("cell %s, want %s", f.Properties.H3, cell)
		}
	}
	if w := e.as(e.author, http.MethodGet, e.room("/contribution"), ""); w.Code != http.StatusUnauthorized {
		t.Errorf("a token works after its key was destroyed: %d", w.Code)
	}
}

// everything is the tables of city data as text, one line per row.
func (n *node) everything() []byte {
	n.t.Helper()
	var all bytes.Buffer
	for _, table := range []string{"marker", "operation", "signalement", "moderation", "participant", "participant_link", "late_operation"} {
		rows, err := n.pool.Query(n.t.Context(), `select row_to_json(t)::text from `+table+` t`)
		if err != nil {
			n.t.Fatal(err)
		}
		for rows.Next() {
			var row json.RawMessage
			if err := rows.Scan(&row); err != nil {
				n.t.Fatal(err)
			}
			all.WriteString(table + " " + string(row) + "\n")
		}
		if rows.Err() != nil {
			n.t.Fatal(rows.Err())
		}
	}
	return all.Bytes()
}

func lines(all []byte, words ...string) string {
	var out strings.Builder
	for _, line := range strings.Split(string(all), "\n") {
		for _, w := range words {
			if strings.Contains(line, w) {
				out.WriteString(line + "\n")
			}
		}
	}
	return out.String()
}

// TestDecisionReachesScreensAfterTheFreeze: what is hidden, redacted or shown
// again once the evening is closed reaches the screens that are still on, of
// every node, and what was frozen stays what it was.
func TestDecisionReachesScreensAfterTheFreeze(t *testing.T) {
	t.Parallel()
	e := newEvening(t)
	e.draw()
	finding := uuid.New()
	e.into(e.put(e.room("/findings/"+finding.String()), `{"base":0,"rang":1,"titre":"Le hall est occupé"}`), http.StatusCreated, &struct{}{})
	e.into(e.post("/api/v1/actions", fmt.Sprintf(`{"id":"%s","atelier":"%s","code":"TEC","titre":"Éclairer le hall","findings":["%s"],"event":%s}`,
		uuid.New(), e.atelier.ID, finding, event("refused", `,"reason":"Déjà éclairé"`))), http.StatusCreated, &struct{}{})
	e.into(e.post(e.room("/ops"), fmt.Sprintf(`{"ops":[{"id":"%s","kind":"freeze"}]}`, uuid.New())), http.StatusOK, &struct{}{})
	frozen := func() (hash string, answers store.FrozenAnswers) {
		t.Helper()
		a, err := e.store.Atelier(t.Context(), e.atelier.ID)
		if err != nil {
			t.Fatal(err)
		}
		if answers, err = e.store.FrozenAnswersOf(t.Context(), a.Territoire, a.ID); err != nil || a.FrozenHash == "" {
			t.Fatalf("not frozen: %+v, %v", a, err)
		}
		return a.FrozenHash, answers
	}
	hash, answers := frozen()

	other := *e.node
	other.start() // another node, with the projector
	ctx, stop := context.WithCancel(t.Context())
	var nodes sync.WaitGroup
	nodes.Go(func() { e.hub.Run(ctx) })
	nodes.Go(func() { other.hub.Run(ctx) })
	defer func() { stop(); nodes.Wait() }()
	wall, err := other.hub.Read(t.Context(), e.atelier, live.Viewer{Staff: true}, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer wall.Close()
	// The snapshot, which would hold what the log no longer tells.
	if events, err := wall.Next(t.Context(), time.Minute); err != nil || len(events) == 0 || events[0].Name != "snapshot" {
		t.Fatalf("first event: %+v, %v", events, err)
	}
	// told waits for an entry of the log of a kind.
	told := func(kind string) {
		t.Helper()
		for {
			events, err := wall.Next(t.Context(), time.Minute)
			if err != nil || len(events) == 0 {
				t.Fatalf("the wall is not told of %s: %v", kind, err)
			}
			for _, one := range events {
				if one.Name == "op" && strings.Contains(string(one.Data), `"kind":"`+kind+`"`) {
					return
				}
			}
		}
	}
	animateur := e.token("animateur")
	decide := func(objet string, id uuid.UUID, members string) {
		t.Helper()
		e.into(e.as(animateur, http.MethodPost, "/api/v1/moderation/decisions", decision(objet, id, members)), http.StatusCreated, &struct{}{})
	}
	decide("marker", e.marker, `"verdict":"hide","reason":"targets_person"`)
	told("hide")
	decide("marker", e.marker, `"verdict":"restore","reason":"mistake"`)
	told("unhide")
	decide("finding", finding, fmt.Sprintf(`"champ":"titre","verdict":"withhold","reason":"accusation","digest":"%s"`, digestOfText("Le hall est occupé")))
	told("findings")
	if again, kept := frozen(); again != hash || kept != answers {
		t.Errorf("what was frozen is %s %+v, was %s %+v", again, kept, hash, answers)
	}
}
