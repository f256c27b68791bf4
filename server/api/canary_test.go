package api_test

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"quietude/server/api"
	"quietude/server/atelier"
	"quietude/server/auth"
	"quietude/server/hexmap"
	"quietude/server/invite"
	"quietude/server/mail"
	"quietude/server/notice"
	"quietude/server/pgtest"
)

// What somebody who forgets the rule writes: a name, a telephone, an address of
// e-mail, a plate. The words are unlike any other of the test.
const canary = `Mme Quandalle-Zyx, 06 39 98 71 52, zoe.quandalle@canari.example, voiture QK-482-ZW`

// traces are what must be found nowhere, each in the ways in which it is written.
var traces = []string{"Quandalle", "39 98 71", "39987152", "canari.example", "QK-482", "QK482"}

// outputPaths are what is fetched, by who asks for it.
func outputPaths(at string) map[auth.Role][]string {
	shared := []string{"/api/v1/findings", "/api/v1/actions", "/api/v1/actions.xlsx", "/api/v1/actions.csv", "/api/v1/actions.geojson", "/api/v1/indicateurs", "/api/v1/indicateurs.csv", "/api/v1/ateliers",
		"/api/v1/rencontres-tenues",
		"/api/v1/organisations", "/api/v1/quartiers/CE/portrait", "/api/v1/quartiers/CE/portrait?format=xlsx", "/api/v1/quartiers/CE/hexagones?resolution=9", "/api/v1/quartiers/CE/hexagones.csv?resolution=9"}
	watched := []string{"/api/v1/statistiques/vue", "/api/v1/statistiques/vue?format=xlsx", "/api/v1/statistiques/fiche", "/api/v1/statistiques/fiche.pdf", "/api/v1/statistiques/densite"}
	asked := map[auth.Role][]string{
		auth.Public: {"/api/v1/editions", "/api/v1/rencontres", "/api/v1/suivi?territoire=" + pgtest.Chambery, "/api/v1/quartiers/CE/editions/1",
			"/api/v1/quartiers/CE/editions/1/hexagones", "/api/v1/quartiers/CE/editions/1/hexagones.csv", "/api/v1/quartiers/CE/editions/1/canonique.txt", "/api/v1/quartiers"},
		auth.Analyste: slices.Concat(shared, watched),
		auth.Police:   slices.Concat(shared, watched, []string{"/api/v1/textes", "/api/v1/signalements", at + "/restitution", at + "/restitution/1"}),
		auth.DPO:      {"/api/v1/journal", "/api/v1/journal.csv"},
		auth.Animateur: slices.Concat(shared[:6], []string{at + "/compte-rendu", at + "/qr/1.svg", at + "/institutions", "/api/v1/decidim/resultats.csv", "/api/v1/decidim/rencontres.csv", at + "/presence.pdf",
			at + "/plans-tables.pdf", at + "/cartes-tables.pdf", "/api/v1/propositions?from=2026-02-01&to=2026-03-15"}),
	}
	for _, format := range []string{"html", "pdf", "odt"} {
		for _, version := range []string{"diffusion", "travail"} {
			asked[auth.Animateur] = append(asked[auth.Animateur], at+"/compte-rendu."+format+"?version="+version)
		}
	}
	return asked
}

// outputs are all that leaves the program for somebody else than who wrote it or
// who decides about it, as text; by who asks and for what.
func (n *node) outputs(room uuid.UUID) map[string]string {
	n.t.Helper()
	asked := outputPaths("/api/v1/ateliers/" + room.String())
	out := map[string]string{}
	for _, role := range slices.Sorted(maps.Keys(asked)) {
		by := n.by(role)
		for _, path := range asked[role] {
			w := by.get(path)
			for tries := 0; w.Code == http.StatusAccepted && tries < 100; tries++ {
				w = by.get(path) // a figure that is still being worked out
			}
			if w.Code != http.StatusOK && !(role == auth.Public && w.Code == http.StatusNotFound) {
				n.t.Fatalf("%s %s: %d %.300s", role, path, w.Code, w.Body)
			}
			out[string(role)+" "+path] = readable(n.t, w) + fmt.Sprint(w.Header())
		}
	}
	return out
}

// byRight are the routes that may say who somebody is, and to whom; those that are
// about accounts and settings are not of the evening.
var byRight = map[string]string{
	"/api/v1/actions/{action}":           "who answers, with the words as they were written",
	"/api/v1/actions/{action}/suivi":     "who decides what the public reads",
	"/api/v1/moderation":                 "who decides about words",
	"/api/v1/moderation/{objet}/{id}":    "who decides about words",
	"/api/v1/ateliers/{id}/contribution": "who gave it",
	"/api/v1/ateliers/{id}/findings":     "the room, before the evening is over",
	"/api/v1/ateliers/{id}/late":         "who leads the evening",
	"/api/v1/ateliers/{id}/markers":      "the room",
	"/api/v1/ateliers/{id}/ops":          "the room",
	"/api/v1/ateliers/{id}/participants": "who leads the evening, by pseudonym",
	"/api/v1/ateliers/{id}/snapshot":     "the room",
	"/api/v1/ateliers/{id}/stream":       "the room",
	"/api/v1/ateliers/{id}/suggestions":  "the room",
	"/api/v1/ateliers/{id}/reporters":    "who invites",
	"/api/v1/ateliers/{id}/invitations":  "who invites",
	"/api/v1/ateliers/{id}/lettres.pdf":  "who is invited: the letter has an address",
	"/api/v1/invitations/{code}":         "who is invited",
	"/api/v1/abonnements/{code}":         "who follows",
	"/api/v1/recu":                       "who signals",
	"/api/v1/tables/{code}":              "the table",
	"/api/v1/pilote":                     "the organisation, by its link",
	"/api/v1/organisations/{id}/liens":   "who hands out links",
	"/api/v1/ateliers/{id}":              "who leads the evening",
	"/api/v1/ateliers/{id}/brouillons":   "who publishes, counts alone",
	"/api/v1/brouillons/{id}":            "who publishes, counts alone",
	"/api/v1/brouillons/{id}/hexagones":  "who publishes, counts alone",
}

// TestEveryExportIsLookedThrough: whatever can be fetched is among what is searched
// for the canary, or it is said who reads it by right.
func TestEveryExportIsLookedThrough(t *testing.T) {
	t.Parallel()
	elsewhere := regexp.MustCompile(`^(/healthz|/readyz|/tiles/.*|/api/v1/(session|compte|comptes|connexion-externe.*|connexions|jetons|journal.*|territoires|voies|notice|conservation.*|communales|hexagones.*|comparaisons|liens.*)|/api/v1/(statistiques|quartiers)/.*)$`)
	var asked []*regexp.Regexp
	for _, paths := range outputPaths("/api/v1/ateliers/ID") {
		for _, path := range paths {
			path, _, _ = strings.Cut(path, "?")
			asked = append(asked, regexp.MustCompile("^"+regexp.QuoteMeta(path)+"$"))
		}
	}
	names := regexp.MustCompile(`{[a-z0-9]+}`)
	left := maps.Clone(byRight)
	for _, r := range new(api.API).Routes() {
		if r.Method != http.MethodGet || elsewhere.MatchString(r.Path) {
			continue
		}
		if _, found := byRight[r.Path]; found {
			delete(left, r.Path)
			continue
		}
		path := strings.Replace(r.Path, "/ateliers/{id}", "/ateliers/ID", 1)
		path = names.ReplaceAllString(path, "1")
		if !slices.ContainsFunc(asked, func(one *regexp.Regexp) bool { return one.MatchString(path) }) {
			t.Errorf("%s is not searched for what says who somebody is, and nothing says who may read it", r.Path)
		}
	}
	for path := range left {
		t.Errorf("%s is no route", path)
	}
}

// readable is an answer as text, whatever its form.
func readable(t testing.TB, w *httptest.ResponseRecorder) string {
	t.Helper()
	switch kind := w.Header().Get("Content-Type"); {
	case strings.Contains(kind, "pdf"):
		return pdfText(t, w.Body.Bytes())
	case strings.Contains(kind, "spreadsheet"), strings.Contains(kind, "opendocument"):
		return strings.Join(partsOf(t, w.Body.Bytes()), "\n")
	}
	return formOnly.ReplaceAllString(w.Body.String(), "")
}

var streams = regexp.MustCompile(`(?s)stream\r?\n(.*?)\r?\nendstream`)

// pdfText unpacks the pages of a PDF, with what it says of itself, its bookmarks and
// the words of its pictures; its letters are of two bytes, of which the first is 0
// for those of these words.
func pdfText(t testing.TB, body []byte) string {
	t.Helper()
	var text strings.Builder
	for _, part := range streams.FindAllSubmatch(body, -1) {
		r, err := zlib.NewReader(bytes.NewReader(part[1]))
		if err != nil {
			continue // a font or a picture of another kind
		}
		raw, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		text.Write(bytes.ReplaceAll(raw, []byte{0}, nil))
	}
	text.Write(bytes.ReplaceAll(streams.ReplaceAll(body, nil), []byte{0}, nil))
	for _, digits := range hexTexts.FindAllSubmatch(body, -1) {
		raw, err := hex.DecodeString(string(digits[1]))
		if err != nil {
			t.Fatal(err)
		}
		text.Write(bytes.ReplaceAll(raw, []byte{0}, nil))
	}
	return text.String()
}

var hexTexts = regexp.MustCompile(`<FEFF((?:[0-9A-F]{4})*)>`)

// outbox is a postman that keeps what it is given: the words are what is looked
// at here, delivery is tried with a server in server/mail.
type outbox []mail.Message

func (o *outbox) Send(_ context.Context, m mail.Message) error {
	*o = append(*o, m)
	return nil
}

// TestNobodyIsNamedInWhatComesOut: a name, a telephone, an address and a plate in
// every text that somebody can write, and contacts in the forms that ask for them,
// are in nothing that comes out: not before anybody has read them, and not after
// they were redacted, the evening was published and followed up. The control finds
// them where they are read by right.
func TestNobodyIsNamedInWhatComesOut(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	room := pgtest.Atelier(t, n.pool, func(a *atelier.Atelier) { a.Lieu, a.ClosesAt = "Salle Jean Renoir", now.AddDate(0, 0, 1) })
	path := "/api/v1/ateliers/" + room.ID.String()
	for i := range 9 {
		pgtest.Marker(t, n.pool, room, func(m *atelier.Marker) { m.Note = fmt.Sprint(canary, " ", i) })
	}
	remark := uuid.New()
	n.into(n.post(path+"/ops", fmt.Sprintf(`{"ops":[{"id":"%s","kind":"remark_add","remark":"%s","table":1,"question":"troubles","text":%q,"theme":"BRU"}]}`,
		uuid.New(), remark, "Du bruit chez "+canary)), http.StatusOK, &struct{}{})
	finding := uuid.NewString()
	n.into(n.put(path+"/findings/"+finding, fmt.Sprintf(`{"base":0,"rang":1,"titre":%q,"detail":%q}`, "Constat de "+canary, "Détail : "+canary)), http.StatusCreated, &struct{}{})
	pilote := n.organisation("Bailleur du centre")
	n.exec(`update organisation set email = 'gardien@canari.example' where id = $1`, pilote)
	act := func(more string) (at string) {
		id := uuid.New()
		n.into(n.post("/api/v1/actions", fmt.Sprintf(`{"id":"%s","atelier":"%s","code":"TEC","titre":%q,"detail":%q,"pilote":"%s","echeance":"2026-03-25","findings":["%s"],"event":%s}`,
			id, room.ID, "Répondre à "+canary, "Précision : "+canary, pilote, finding, more)), http.StatusCreated, &struct{}{})
		return "/api/v1/actions/" + id.String()
	}
	act(event("refused", fmt.Sprintf(`,"reason":%q`, "À cause de "+canary)))
	followed := act(event("planned", ""))
	n.into(n.post(followed+"/events", event("planned", fmt.Sprintf(`,"reason":%q`, "Vu avec "+canary))), http.StatusOK, &struct{}{})
	n.into(n.post("/api/v1/signalements", fmt.Sprintf(`{"id":"%s","geometry":{"type":"Point","coordinates":[5.9187,45.5665]},"theme":"BRU","subtheme":"musique","note":%q,"occurred_from":"2026-03-10T21:00:00Z","contact":{"nom":"Zoé Quandalle","email":"zoe@canari.example","adresse":"1 rue Quandalle\n73000 Chambéry"}}`,
		uuid.Must(uuid.NewV7()), canary)), http.StatusCreated, &struct{}{})
	n.into(n.put(path+"/restitution", `{"base":0,"slides":[{"kind":"map"}]}`), http.StatusOK, &struct{}{})

	// Who signals is invited, by e-mail.
	var reporters struct{ Reporters []struct{ ID uuid.UUID } }
	contacts := n.get(path + "/reporters")
	n.into(contacts, http.StatusOK, &reporters)
	if len(reporters.Reporters) != 1 || !strings.Contains(contacts.Body.String(), "Quandalle") {
		t.Fatalf("control: whoever invites does not read who: %s", contacts.Body)
	}
	n.into(n.post(path+"/invitations", fmt.Sprintf(`{"reporters":["%s"]}`, reporters.Reporters[0].ID)), http.StatusOK, &struct{}{})
	n.exec(`insert into contact.follower (territoire, atelier, id, numero, code, email, confirmed_at) values ($1, $2, gen_random_uuid(), 1, 'CODE000000000001', 'suivi@canari.example', '2026-03-01')`,
		pgtest.Chambery, room.ID)

	var sent outbox
	places := hexmap.NewPlaces(n.store)
	city, err := places.City(t.Context(), pgtest.Chambery)
	if err != nil {
		t.Fatal(err)
	}
	logger := slog.New(slog.NewTextHandler(n.log, nil))
	inviter := invite.Inviter{Store: n.store, Places: places, Postman: &sent, BaseURL: "https://quietude.example.fr", Logger: logger, Now: func() time.Time { return now }}
	teller := notice.Teller{Store: n.store, Places: places, Postman: &sent, BaseURL: "https://quietude.example.fr", Thresholds: []int{14}, Now: func() time.Time { return now }, Logger: logger}
	write := func() {
		t.Helper()
		if err := inviter.Send(t.Context(), invite.Job{Territoire: pgtest.Chambery, Atelier: room.ID}); err != nil {
			t.Fatal(err)
		}
		if err := teller.Remind(t.Context(), city); err != nil {
			t.Fatal(err)
		}
		if err := teller.Ask(t.Context(), city); err != nil {
			t.Fatal(err)
		}
	}
	none := func(when string) map[string]string {
		t.Helper()
		write()
		all := n.outputs(room.ID)
		for _, m := range sent {
			all["e-mail « "+m.Subject+" »"] = m.Subject + "\n" + m.Text
		}
		all["log"] = n.log.String()
		for _, name := range slices.Sorted(maps.Keys(all)) {
			for _, bad := range traces {
				if i := strings.Index(all[name], bad); i >= 0 {
					t.Errorf("%s: %s says %q: …%.200s", when, name, bad, all[name][max(0, i-80):])
				}
			}
		}
		return all
	}
	write() // after the evening nobody is invited
	n.closeEvening(path)
	none("before anybody has read")
	waiting := n.queue(n.token("animateur"), "held")
	if len(waiting.Texts) < 9+1+2+5 {
		t.Fatalf("control: %d texts wait to be read", len(waiting.Texts))
	}
	n.readAll("redact")
	n.into(n.post(path+"/compte-rendu/diffusion", fmt.Sprintf(`{"id":"%s"}`, uuid.New())), http.StatusOK, &struct{}{})
	n.shows(followed)
	n.into(n.post(followed+"/events", event("done", fmt.Sprintf(`,"proof":%q`, "Fait avec "+canary))), http.StatusOK, &struct{}{})
	after := none("redacted, published and followed")
	for name, want := range map[string]string{
		"animateur " + path + "/compte-rendu.html?version=diffusion": "Du bruit chez",
		"animateur " + path + "/compte-rendu.pdf?version=diffusion":  "bruit",
		"animateur " + path + "/compte-rendu.odt?version=diffusion":  "Du bruit chez",
		"police /api/v1/actions.xlsx":                                "Répondre à",
		"public /api/v1/suivi?territoire=" + pgtest.Chambery:         "Bailleur du centre",
		"animateur /api/v1/decidim/resultats.csv":                    "Répondre à",
	} {
		if !strings.Contains(after[name], want) {
			t.Errorf("control: %s lacks %q: %.300s", name, want, after[name])
		}
	}
	if len(sent) < 2 {
		t.Errorf("control: %d e-mails left", len(sent))
	}
}

// TestNobodyIsNamedInAnnouncements: what somebody writes into the title and the place
// of an evening and the name of an organisation is in nothing that is handed out
// before it was read, and neither as it was written after it was redacted.
func TestNobodyIsNamedInAnnouncements(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	room := pgtest.Atelier(t, n.pool, func(a *atelier.Atelier) { a.Titre, a.Lieu = "Atelier de "+canary, "Chez "+canary })
	path := "/api/v1/ateliers/" + room.ID.String()
	for range 9 {
		pgtest.Marker(t, n.pool, room)
	}
	finding := uuid.NewString()
	n.into(n.put(path+"/findings/"+finding, `{"base":0,"rang":1,"titre":"Le passage est sombre"}`), http.StatusCreated, &struct{}{})
	pilote := n.organisation("Service de " + canary)
	n.into(n.post("/api/v1/actions", fmt.Sprintf(`{"id":"%s","atelier":"%s","code":"TEC","titre":"Éclairer","pilote":"%s","findings":["%s"],"event":%s}`,
		uuid.New(), room.ID, pilote, finding, event("planned", ""))), http.StatusCreated, &struct{}{})
	n.closeEvening(path)
	if err := n.publisher.Announce(t.Context()); err != nil {
		t.Fatal(err)
	}
	handedOut := func(when, want string) {
		t.Helper()
		for _, out := range []string{path + "/compte-rendu.html", path + "/compte-rendu.pdf", path + "/compte-rendu.odt", "/api/v1/decidim/rencontres.csv", "/api/v1/rencontres"} {
			w := n.get(out)
			if w.Code != http.StatusOK {
				t.Fatalf("%s: %d %.300s", out, w.Code, w.Body)
			}
			text := readable(t, w) + fmt.Sprint(w.Header())
			for _, bad := range traces {
				if i := strings.Index(text, bad); i >= 0 {
					t.Errorf("%s: %s says %q: …%.200s", when, out, bad, text[max(0, i-80):])
				}
			}
			if strings.HasSuffix(out, ".html") && !strings.Contains(text, want) {
				t.Errorf("%s: %s lacks %q", when, out, want)
			}
		}
	}
	handedOut("before anybody has read", "Compte rendu – Atelier de tranquillité publique")
	var left struct{ Unread []string }
	n.into(n.post(path+"/compte-rendu/diffusion", fmt.Sprintf(`{"id":"%s"}`, uuid.New())), http.StatusConflict, &left)
	if !slices.Equal(left.Unread, []string{"titre de l’atelier", "lieu de l’atelier", "nom d’une organisation"}) {
		t.Errorf("what remains to be read: %v", left.Unread)
	}
	n.readAll("redact")
	handedOut("redacted", "Compte rendu – Atelier de")
	n.into(n.post(path+"/compte-rendu/diffusion", fmt.Sprintf(`{"id":"%s"}`, uuid.New())), http.StatusOK, &struct{}{})
}
