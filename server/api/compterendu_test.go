package api_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"quietude/server/atelier"
	"quietude/server/auth"
	"quietude/server/personal"
	"quietude/server/pgtest"
)

// saidEvening is an evening of twenty residents at four tables, closed: sixteen are
// afraid at the station, four by another way, and somebody named a neighbour.
func (n *node) saidEvening() (room atelier.Atelier, path string) {
	n.t.Helper()
	room = pgtest.Atelier(n.t, n.pool, func(a *atelier.Atelier) {
		a.Demo = true
		a.Lieu = "Salle Jean Renoir"
		a.Seats = nil
		for i := 1; i <= 4; i++ {
			a.Seats = append(a.Seats, atelier.Table{Numero: i, Open: true, Code: atelier.NewCode()})
		}
	})
	// The hall has the name of a painter: somebody read the announcement.
	if err := n.store.Let(context.Background(), room.Territoire, atelier.OnAtelier, room.ID, atelier.ChampLieu, room.Lieu); err != nil {
		n.t.Fatal(err)
	}
	for i := range 20 {
		pgtest.Marker(n.t, n.pool, room, func(m *atelier.Marker) {
			m.Table = 1 + i/5
			m.Geometry = orb.Point{5.9187, 45.5665}
			if i >= 16 {
				m.Geometry = orb.Point{5.9270, 45.5640}
			}
			if i%2 == 1 && i < 16 {
				m.Felt = atelier.Safe
			}
			m.Note = "Chez Monsieur Durand"
		})
	}
	path = "/api/v1/ateliers/" + room.ID.String()
	remark := func(question, text string) {
		n.into(n.post(path+"/ops", fmt.Sprintf(`{"ops":[{"id":"%s","kind":"remark_add","remark":"%s","table":2,"question":"%s","text":"%s","theme":"BRU"}]}`,
			uuid.New(), uuid.New(), question, text)), http.StatusOK, &struct{}{})
	}
	remark("troubles", "Du bruit <b>tard</b> chez Madame Martin Dupont, 06 12 34 56 78")
	remark("causes", "La voiture AB-123-CD ; écrire à voisin@exemple.fr")
	finding, other, bailleur := uuid.NewString(), uuid.NewString(), uuid.NewString()
	n.into(n.put(path+"/findings/"+finding, `{"base":0,"rang":1,"titre":"Le passage est sombre","themes":["AMB"],"tables":[2,1]}`), http.StatusCreated, &struct{}{})
	n.into(n.put(path+"/findings/"+other, `{"base":0,"rang":2,"titre":"Il faudrait une caméra","detail":"Demande de Monsieur Paul Lefèvre"}`), http.StatusCreated, &struct{}{})
	n.into(n.put("/api/v1/organisations/"+bailleur, `{"nom":"Cristal Habitat","kind":"bailleur"}`), http.StatusOK, &struct{}{})
	n.into(n.put(path+"/institutions", `{"institutions":[{"institution":"elus","expected":3,"present":2},{"institution":"parquet","expected":1}]}`), http.StatusOK, &struct{}{})
	n.into(n.post("/api/v1/actions", fmt.Sprintf(`{"id":"%s","atelier":"%s","code":"TEC","titre":"Réparer l’éclairage","findings":["%s"],"pilote":"%s","echeance":"2026-09-01","event":{"id":"%s","state":"planned"}}`,
		uuid.New(), room.ID, finding, bailleur, uuid.New())), http.StatusCreated, &struct{}{})
	n.into(n.post("/api/v1/actions", fmt.Sprintf(`{"id":"%s","atelier":"%s","code":"REN","titre":"Pas de caméra ici","findings":["%s"],"event":{"id":"%s","state":"refused","reason":"Le plan de vidéoprotection est complet"}}`,
		uuid.New(), room.ID, other, uuid.New())), http.StatusCreated, &struct{}{})
	return room, path
}

// present puts two of three slides on the wall, one of them twice: seven
// signalements at the station, of which the hall is told five.
func (n *node) present(room atelier.Atelier, path string) {
	n.t.Helper()
	for range 7 {
		pgtest.Signalement(n.t, n.pool, func(s *atelier.Signalement) {
			s.Position, s.Quartier, s.Theme = orb.Point{5.9187, 45.5665}, room.Quartier, "DEG"
		})
	}
	n.into(n.put(path+"/restitution", `{"base":0,"slides":[{"kind":"map","theme":"DEG"},{"kind":"themes"},{"kind":"months"}]}`), http.StatusOK, &struct{}{})
	for _, rang := range []int{1, 2, 1} {
		n.into(n.post(path+"/restitution/montree", fmt.Sprintf(`{"version":1,"rang":%d}`, rang)), http.StatusOK, &struct{}{})
	}
}

func (n *node) closeEvening(path string) {
	n.t.Helper()
	n.into(n.post(path+"/ops", fmt.Sprintf(`{"ops":[{"id":"%s","kind":"freeze"}]}`, uuid.New())), http.StatusOK, &struct{}{})
}

var (
	tags   = regexp.MustCompile(`(?s)<style>.*?</style>|<[^>]*>`)
	hashes = regexp.MustCompile(`[0-9a-f]{64}`)
	forbid = []string{"Durand", "Martin Dupont", "06 12", "34 56", "AB-123-CD", "exemple.fr", "Lefèvre"}
)

// TestCompteRendu: the same closed evening gives the same bytes in the three
// formats, with what was said and answered, and without anybody's name.
func TestCompteRendu(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	room, path := n.saidEvening()
	n.problem(n.get(path+"/compte-rendu.html"), http.StatusConflict, "atelier_ouvert")
	n.problem(n.post(path+"/compte-rendu/diffusion", fmt.Sprintf(`{"id":"%s"}`, uuid.New())), http.StatusConflict, "atelier_ouvert")
	n.present(room, path)
	n.closeEvening(path)
	n.problem(n.post(path+"/restitution/montree", `{"version":1,"rang":1}`), http.StatusConflict, "atelier_clos")

	// Before anybody has read what was said, and before an edition: no words of
	// residents, no map, and the animateur is told so.
	var facts struct {
		Title  string
		Masked []struct{ Where, Kind string }
		Unread []string
		Map    string
	}
	const diffusion = "/compte-rendu/diffusion"
	draft := fmt.Sprintf(`{"id":"%s"}`, uuid.New())
	n.into(n.get(path+"/compte-rendu"), http.StatusOK, &facts)
	bare := string(n.get(path + "/compte-rendu.html").Body.Bytes())
	if facts.Map != "none" || len(facts.Unread) != 3 || strings.Contains(bare, "<svg") || strings.Contains(bare, "Du bruit") || !strings.Contains(bare, "pas encore publiée") ||
		!strings.Contains(bare, "n’a pas encore été relu") || !strings.Contains(bare, "Texte en cours de relecture") || !strings.Contains(bare, "Réparer l’éclairage") {
		t.Errorf("%+v: %s", facts, bare)
	}
	// One request publishes and makes the document ready, once all is read.
	var left struct {
		Code   string
		Unread []string
	}
	n.into(n.post(path+diffusion, draft), http.StatusConflict, &left)
	if left.Code != "relecture_inachevee" || !slices.Equal(left.Unread, facts.Unread) || left.Unread[2] != "constat 2" {
		t.Errorf("what remains to be read: %+v, want %v", left, facts.Unread)
	}
	if rows := pgtest.Count(t, n.pool, `select count(*) from edition_brouillon`); rows != 0 {
		t.Errorf("%d drafts of an evening that was not read", rows)
	}
	n.readAll("redact")
	for range 2 { // the second is the same request again
		n.into(n.post(path+diffusion, draft), http.StatusOK, &facts)
	}
	if facts.Map != "published" || len(facts.Unread) != 0 {
		t.Errorf("%+v", facts)
	}

	bodies := map[string][]byte{}
	elsewhere := *n
	elsewhere.start() // another node: nothing is kept between the two
	for _, format := range []string{"html", "pdf", "odt"} {
		one := n.get(path + "/compte-rendu." + format)
		again := elsewhere.get(path + "/compte-rendu." + format)
		if one.Code != http.StatusOK || !bytes.Equal(one.Body.Bytes(), again.Body.Bytes()) {
			t.Fatalf("%s: %d, same bytes %v: %.300s", format, one.Code, bytes.Equal(one.Body.Bytes(), again.Body.Bytes()), one.Body)
		}
		bodies[format] = one.Body.Bytes()
		keepFile(t, "compte-rendu."+format, bodies[format])
	}
	page := string(bodies["html"])
	for _, want := range []string{`lang="fr"`, "Salle Jean Renoir", "Données fictives", "Élus", "1 attendu, présence non notée", "Habitants, table 4",
		"5 à 9", "avis partagés", "Du bruit &lt;b&gt;tard&lt;/b&gt; chez Madame […], […]", "Nuisances sonores", "Le passage est sombre", "1 et 2", "Cristal Habitat", "1er septembre 2026",
		"Le plan de vidéoprotection est complet", "Où la Ville a reçu des signalements : Dégradations", "Enregistré ≠ commis", "au moins 5 signalements ; source", `role="img"`, "<caption>", "<desc "} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(page, "<script") || strings.Count(page, "<h1>") != 1 || strings.Count(page, "<svg") != 1 {
		t.Errorf("%d headings, %d maps", strings.Count(page, "<h1>"), strings.Count(page, "<svg"))
	}
	if strings.Count(page, "De quoi il s’agit</h3>") != 1 || strings.Contains(page, "Mois par mois") {
		t.Error("the slides are not those that were shown, each once")
	}
	// Four people are fewer than may be shown: one place is all there is.
	if strings.Count(page, `<th scope="row">1</th>`) == 0 || strings.Contains(page, `<th scope="row">2</th><td>Près`) || strings.Contains(tags.ReplaceAllString(page, ""), "15 et plus") {
		t.Error("a place of four people is shown, or a number is wrong")
	}
	if !strings.Contains(page, "Les lieux et leurs nombres ne sont pas diffusés") {
		t.Error("a map of signalements is handed out")
	}
	whole := string(n.get(path + "/compte-rendu.html?version=travail").Body.Bytes())
	if strings.Count(whole, "<svg") != 6 {
		t.Errorf("the working version has %d maps: all tables, four tables and a slide are wanted", strings.Count(whole, "<svg"))
	}
	if !strings.Contains(whole, "Ne pas diffuser") || !strings.Contains(whole, `<td>4</td>`) {
		t.Error("the working version lacks the place of four people")
	}
	odt := unzipped(t, bodies["odt"])
	for _, text := range []string{page, whole, odt["content.xml"]} {
		// Names are left to the list below: halls and streets have some.
		for _, f := range personal.New().Find(hashes.ReplaceAllString(tags.ReplaceAllString(text, "\n"), "")) {
			if f.Kind != personal.Name && f.Kind != personal.Address {
				t.Errorf("a document contains something like a %s", f.Kind)
			}
		}
		for _, bad := range append(forbid, room.Seats[0].Code) {
			if strings.Contains(text, bad) {
				t.Errorf("a document contains %q", bad)
			}
		}
	}
	if !bytes.HasPrefix(bodies["pdf"], []byte("%PDF-1.")) {
		t.Errorf("the PDF begins with %.8q", bodies["pdf"])
	}

	n.problem(n.by(auth.Police).get(path+"/compte-rendu.pdf"), http.StatusForbidden, "acces_refuse")
	n.exec(`insert into territoire (territoire, nom, emprise) select '73255', 'La Ravoire', emprise from territoire`)
	n.problem(n.by(auth.Animateur, "73255").get(path+"/compte-rendu.pdf"), http.StatusNotFound, "atelier_inconnu")
}

// TestWorkingVersionIsAReading: the version that has texts which nobody has decided
// about leaves a line each time; the one that is handed out leaves none, and neither
// does the other once all is read.
func TestWorkingVersionIsAReading(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	_, path := n.saidEvening()
	n.closeEvening(path)
	lines := func() (all []int) {
		t.Helper()
		rows, err := n.pool.Query(t.Context(), `select elements from journal.consultation where objet = 'textes' and finalite = 'animation' and role = 'animateur'`)
		if err != nil {
			t.Fatal(err)
		}
		if all, err = pgx.CollectRows(rows, pgx.RowTo[int]); err != nil {
			t.Fatal(err)
		}
		return all
	}
	read := func(version string) {
		t.Helper()
		for _, format := range []string{"html", "pdf", "odt"} {
			want(t, format, n.get(path+"/compte-rendu."+format+"?version="+version), http.StatusOK)
		}
	}
	read("diffusion")
	if all := lines(); len(all) != 0 {
		t.Errorf("what is handed out: %d lines", len(all))
	}
	read("travail")
	if all := lines(); len(all) != 3 || slices.Contains(all, 0) {
		t.Errorf("three documents with texts left lines with %v texts", all)
	}
	n.readAll("redact")
	read("travail")
	if all := lines(); len(all) != 3 {
		t.Errorf("once all is read: %d lines", len(all))
	}
}

// TestDiffusionWithoutEdition: where no edition is possible, here of an evening
// that was closed before its day, the compte rendu is ready without a map, and one
// says why.
func TestDiffusionWithoutEdition(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	room := n.closedEvening(9)
	n.exec(`update atelier set starts_at = starts_at + interval '30 years', closes_at = closes_at + interval '30 years' where id = $1`, room.ID)
	path := "/api/v1/ateliers/" + room.ID.String() + "/compte-rendu"
	var facts struct{ Map, Refusal string }
	n.into(n.post(path+"/diffusion", fmt.Sprintf(`{"id":"%s"}`, uuid.New())), http.StatusOK, &facts)
	if facts.Map != "none" || facts.Refusal == "" {
		t.Errorf("%+v", facts)
	}
}

// readAll decides the same about every text that waits.
func (n *node) readAll(verdict string) {
	n.t.Helper()
	for _, text := range n.queue(n.token("animateur"), "held").Texts {
		members := fmt.Sprintf(`"champ":%q,"digest":%q,"verdict":%q`, text.Champ, text.Digest, verdict)
		if verdict != "publish" {
			members += `,"reason":"name"`
		}
		if verdict == "redact" {
			members += fmt.Sprintf(`,"texte":%q`, text.Proposal)
		}
		n.into(n.post("/api/v1/moderation/decisions", decision(text.Objet, text.ObjetID, members)), http.StatusCreated, &struct{}{})
	}
}

// attendance is what a compte rendu says of how many came, which is no secret to
// anybody who was there.
var attendance = regexp.MustCompile(`(Habitants, (table 1|ensemble)</th><td>|<li>)\d+( habitants? étai(en)?t présents? : (quelques|ces) personnes)?`)

// TestCompteRenduTellsNoMore: of twin evenings, which have the same edition and
// differ in everything that it does not show, what is handed out is the same:
// together with the edition it tells no more than the edition. The working version
// tells them apart.
func TestCompteRenduTellsNoMore(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	path := "/api/v1/ateliers/" + twinPublished.String() + "/compte-rendu.html"
	shown, caught, seeds := 0, 0, min(twinSeeds(), 20)
	for seed := range seeds {
		e, _, _ := p.fill(uint64(seed))
		shown += len(e.Hexagons())
		var pages, working [2]string
		for i, n := range []*twinNode{p.a, p.b} {
			// What the city answers is in both; one to four people gave a dot to the constat.
			n.exec(`delete from action`)
			finding := uuid.New()
			n.exec(`insert into finding (territoire, id, atelier, quartier, rang, titre) values ($1, $2, $3, 'HC', 1, 'Le passage est sombre')`, pgtest.Chambery, finding, twinPublished)
			if err := n.store.Let(t.Context(), pgtest.Chambery, atelier.OnFinding, finding, atelier.ChampTitre, "Le passage est sombre"); err != nil {
				t.Fatal(err)
			}
			n.exec(`insert into vote (territoire, atelier, finding, participant, dots, seq)
				select territoire, atelier, $2, id, 1 + rang % 4, rang from participant where atelier = $1 order by rang limit $3`, twinPublished, finding, 1+(seed+2*i)%4)
			pages[i] = attendance.ReplaceAllString(string(n.get(path).Body.Bytes()), "$1n")
			working[i] = attendance.ReplaceAllString(string(n.get(path+"?version=travail").Body.Bytes()), "$1n")
		}
		if pages[0] != pages[1] {
			t.Fatalf("seed %d: twins have other pages:\n%s\n%s", seed, pages[0], pages[1])
		}
		if len(e.Hexagons()) > 0 && (!strings.Contains(pages[0], "<svg") || !strings.Contains(pages[0], e.Hash())) {
			t.Errorf("seed %d: the edition is not in the page", seed)
		}
		if working[0] != working[1] {
			caught++
		}
	}
	if shown < seeds || caught < seeds {
		t.Errorf("%d hexagons shown, %d working versions of %d told apart: it proves nothing", shown, caught, seeds)
	}
}

// keepFile leaves a file where QUIETUDE_TEST_KEEP names a folder, to be looked at.
func keepFile(t *testing.T, name string, body []byte) {
	t.Helper()
	if folder := os.Getenv("QUIETUDE_TEST_KEEP"); folder != "" {
		if err := os.WriteFile(filepath.Join(folder, name), body, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// unzipped checks what an OpenDocument reader asks of the package and gives its
// parts; every one named in the manifest is there, and each is XML.
func unzipped(t testing.TB, body []byte) map[string]string {
	t.Helper()
	if !bytes.Equal(body[30:38], []byte("mimetype")) || !bytes.HasPrefix(body[38:], []byte("application/vnd.oasis.opendocument.text")) {
		t.Errorf("the file does not say what it is: %q", body[:80])
	}
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = string(raw)
		if f.Name == "mimetype" {
			continue
		}
		for d := xml.NewDecoder(bytes.NewReader(raw)); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
		}
	}
	for _, m := range regexp.MustCompile(`full-path="([^"/][^"]*)"`).FindAllStringSubmatch(parts["META-INF/manifest.xml"], -1) {
		if _, found := parts[m[1]]; !found {
			t.Errorf("the manifest names %s, which is not there", m[1])
		}
	}
	if strings.Count(parts["content.xml"], "<table:table ") < 6 || strings.Count(parts["content.xml"], "<draw:image ") != 1 || !strings.Contains(parts["content.xml"], "<svg:desc>") {
		t.Errorf("%d tables, %d pictures", strings.Count(parts["content.xml"], "<table:table "), strings.Count(parts["content.xml"], "<draw:image "))
	}
	return parts
}
