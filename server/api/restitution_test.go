package api_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"quietude/server/atelier"
	"quietude/server/auth"
	"quietude/server/pgtest"
	"quietude/server/store"
)

type restitution struct {
	Version, Shown, Recounted int
	Slides                    []struct{ Kind, Theme, From, To string }
}

type wallSlide struct {
	Kind     string
	AtLeast  int `json:"at_least"`
	Hexagons []struct {
		ID         string
		Properties struct {
			Name                       string
			Signalements, Unsafe, Safe int
		}
	}
	Density *struct {
		Columns, Rows int
		N             float64
	}
	Week   [][]int
	Months []struct {
		Month   string
		AtLeast int `json:"at_least"`
	}
	Themes []struct {
		Theme   string
		AtLeast int `json:"at_least"`
	}
	Years []struct {
		Year int
		N    *int
	}
	Unit    string
	Day     string
	Sources []string
}

// TestRestitution chooses slides, moves the wall and looks at what the hall is
// told: nothing below the threshold, no exact number from which one could be
// had.
func TestRestitution(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	room := pgtest.Atelier(t, n.pool)
	path := "/api/v1/ateliers/" + room.ID.String() + "/restitution"
	// Seven signalements in one place, four in another, on a Thursday evening.
	at := time.Date(2026, 2, 5, 19, 30, 0, 0, time.UTC)
	for _, place := range []struct {
		n  int
		at orb.Point
	}{{7, orb.Point{5.9187, 45.5665}}, {4, orb.Point{5.9120, 45.5690}}} {
		for range place.n {
			pgtest.Signalement(t, n.pool, func(s *atelier.Signalement) {
				s.Position, s.Quartier, s.Theme, s.OccurredFrom, s.OccurredTo = place.at, room.Quartier, "BRU", at, at
			})
		}
	}
	var got restitution
	n.into(n.get(path), http.StatusOK, &got)
	if got.Version != 0 || got.Shown != 0 || len(got.Slides) != 0 {
		t.Errorf("before anything is chosen: %+v", got)
	}
	const slides = `[{"kind":"map","theme":"BRU","from":"2026-02-01","to":"2026-02-28"},{"kind":"week"},{"kind":"months"},{"kind":"map","theme":"VOL"},{"kind":"themes","moment":"evening"},{"kind":"map","moment":"night"}]`
	body := func(base int, slides string) string { return fmt.Sprintf(`{"base":%d,"slides":%s}`, base, slides) }
	for range 2 { // the second is the same request again
		n.into(n.put(path, body(0, slides)), http.StatusOK, &got)
	}
	if got.Version != 1 || len(got.Slides) != 6 || got.Slides[0].From != "2026-02-01" || got.Slides[0].Theme != "BRU" {
		t.Errorf("chosen: %+v", got)
	}
	n.problem(n.put(path, body(0, `[{"kind":"week"}]`)), http.StatusConflict, "version_depassee")

	var wall [6]wallSlide
	for i := range wall {
		n.into(n.get(fmt.Sprintf("%s/%d", path, i+1)), http.StatusOK, &wall[i])
	}
	if h := wall[0].Hexagons; len(h) != 1 || h[0].Properties.Signalements != 5 || !strings.HasPrefix(h[0].ID, "89") || wall[0].AtLeast != 10 {
		t.Errorf("map: %+v; want one hexagon of resolution 9 with 5, of 10", wall[0])
	}
	// 20:30 in Chambéry, a Thursday: the seventh stretch of three hours.
	for day, bands := range wall[1].Week {
		for band, told := range bands {
			want := 0
			if day == 3 && band == 6 {
				want = 10
			}
			if told != want {
				t.Errorf("day %d, stretch %d: %d, want %d", day, band, told, want)
			}
		}
	}
	if m := wall[2].Months; len(m) != 1 || m[0].Month != "2026-02" || m[0].AtLeast != 10 {
		t.Errorf("months: %+v", m)
	}
	if wall[3].AtLeast != 0 || len(wall[3].Hexagons) != 0 {
		t.Errorf("nothing of that theme: %+v", wall[3])
	}

	if f := wall[4].Themes; len(f) != 1 || f[0].Theme != "BRU" || f[0].AtLeast != 10 {
		t.Errorf("themes of the evening: %+v", f)
	}
	if wall[5].AtLeast != 0 || len(wall[5].Hexagons) != 0 {
		t.Errorf("nothing at night: %+v", wall[5])
	}

	// Another node sees the same slide: the state is in the database.
	show := func(version, rang int) string { return fmt.Sprintf(`{"version":%d,"rang":%d}`, version, rang) }
	n.into(n.post(path+"/montree", show(1, 3)), http.StatusOK, &got)
	n.into(n.by(auth.Police).get(path), http.StatusOK, &got)
	if got.Shown != 3 {
		t.Errorf("shown %d, want 3", got.Shown)
	}
	n.problem(n.post(path+"/montree", show(1, 7)), http.StatusNotFound, "diapositive_absente")
	n.problem(n.get(path+"/7"), http.StatusNotFound, "diapositive_absente")
	n.into(n.by(auth.Police).put(path, body(1, `[{"kind":"week"}]`)), http.StatusOK, &got)
	if got.Version != 2 || got.Shown != 0 || len(got.Slides) != 1 {
		t.Errorf("changed by the police: %+v", got)
	}
	// The animateur looked at the slides of before.
	n.problem(n.post(path+"/montree", show(1, 1)), http.StatusConflict, "version_depassee")
	n.into(n.post(path+"/montree", show(2, 0)), http.StatusOK, &got)
	n.problem(n.by(auth.Police).post(path+"/montree", show(2, 1)), http.StatusForbidden, "acces_refuse")
	for wrong, code := range map[string]string{
		`{"kind":"map","theme":"STU"}`:                         "theme_sans_carte",
		`{"kind":"places","theme":"STU"}`:                      "theme_sans_carte",
		`{"kind":"density","theme":"STU"}`:                     "theme_sans_carte",
		`{"kind":"themes","theme":"BRU"}`:                      "diapositive_filtree",
		`{"kind":"week","moment":"night"}`:                     "diapositive_filtree",
		`{"kind":"recorded"}`:                                  "indicateur_absent",
		`{"kind":"edition"}`:                                   "edition_absente",
		`{"kind":"map","from":"2026-04-01","to":"2026-03-01"}`: "periode_inversee",
	} {
		n.problem(n.put(path, body(2, "["+wrong+"]")), http.StatusBadRequest, code)
	}
	n.problem(n.put(path, body(2, `[{"kind":"recorded","indicateur":"Vols"}]`)), http.StatusUnprocessableEntity, "indicateur_inconnu")
	_, err := n.store.ImportCommunales(t.Context(), store.CommunaleFile{Territoire: room.Territoire, Source: "SSMSI", Digest: []byte("one"), Read: 2,
		Figures: []store.Communale{{Indicateur: "Vols", Unite: "infraction", Annee: 2023, Diffuse: true, Nombre: new(3)}, {Indicateur: "Vols", Unite: "infraction", Annee: 2024}}})
	if err != nil {
		t.Fatal(err)
	}
	n.into(n.put(path, body(2, `[{"kind":"recorded","indicateur":"Vols"}]`)), http.StatusOK, &got)
	var recorded wallSlide
	n.into(n.get(path+"/1"), http.StatusOK, &recorded)
	if y := recorded.Years; len(y) != 2 || y[0].N == nil || *y[0].N != 3 || y[1].N != nil || recorded.Unit != "infraction" || len(recorded.Sources) != 1 {
		t.Errorf("recorded figures: %+v", recorded)
	}
}

// TestPlacesOnTheWall: what is beyond chance is named by the street of its hexagon
// and told as the map tells it; a surface is made of the map's numbers.
func TestPlacesOnTheWall(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	room := pgtest.Atelier(t, n.pool)
	path := "/api/v1/ateliers/" + room.ID.String() + "/restitution"
	for _, place := range []struct {
		n  int
		at orb.Point
	}{{43, orb.Point{5.9187, 45.5665}}, {6, orb.Point{5.9250, 45.5640}}, {4, orb.Point{5.9120, 45.5690}}} {
		for range place.n {
			pgtest.Signalement(t, n.pool, func(s *atelier.Signalement) { s.Position, s.Quartier = place.at, room.Quartier })
		}
	}
	n.into(n.put(path, `{"base":0,"slides":[{"kind":"map"},{"kind":"places"},{"kind":"density"},{"kind":"places","theme":"VOL"}]}`), http.StatusOK, &restitution{})
	var wall [4]wallSlide
	for i := range wall {
		n.into(n.get(fmt.Sprintf("%s/%d", path, i+1)), http.StatusOK, &wall[i])
	}
	if len(wall[0].Hexagons) != 2 {
		t.Fatalf("map: %+v; want the hexagons of 43 and of 6", wall[0].Hexagons)
	}
	if h := wall[1].Hexagons; len(h) != 1 || h[0].Properties.Signalements != 40 || !strings.HasPrefix(h[0].ID, "89") {
		t.Errorf("places: %+v; want the hexagon of 43 alone", h)
	}
	if d := wall[2].Density; d == nil || d.N != 45 || d.Columns < 10 || d.Rows < 10 || len(wall[2].Hexagons) != 2 {
		t.Errorf("density: %+v; want the 40 and the 5 that the map tells", wall[2])
	}
	if wall[0].Density != nil || len(wall[3].Hexagons) != 0 {
		t.Errorf("a surface on the map, or places of nothing: %+v", wall[3])
	}
}

// TestRestitutionOfAnEdition: what earlier evenings felt is shown as it was
// published, of this quartier only, and nothing once it is withdrawn.
func TestRestitutionOfAnEdition(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	room := pgtest.Atelier(t, n.pool)
	path := "/api/v1/ateliers/" + room.ID.String() + "/restitution"
	const slide = `{"base":0,"slides":[{"kind":"edition","numero":1}]}`
	n.problem(n.put(path, slide), http.StatusUnprocessableEntity, "edition_inconnue")
	n.exec(`insert into territoire (territoire, nom, emprise) select '73255', 'La Ravoire', emprise from territoire`)
	n.problem(n.by(auth.Police, "73255").get(path), http.StatusNotFound, "atelier_inconnu")
	b := n.ask(n.closedEvening(9))
	n.into(n.post("/api/v1/brouillons/"+b.ID+"/publier", ""), http.StatusOK, &b)
	n.into(n.put(path, slide), http.StatusOK, &restitution{})
	var wall wallSlide
	n.into(n.get(path+"/1"), http.StatusOK, &wall)
	if len(wall.Hexagons) != 1 || wall.Hexagons[0].Properties.Unsafe != 5 || wall.Hexagons[0].Properties.Safe != 0 || wall.Day != "2026-03-12" {
		t.Errorf("%+v", wall)
	}
	other := pgtest.Atelier(t, n.pool, func(a *atelier.Atelier) { a.Quartier = "BE" })
	n.problem(n.put("/api/v1/ateliers/"+other.ID.String()+"/restitution", slide), http.StatusUnprocessableEntity, "edition_inconnue")
	if w := n.do(httptest.NewRequest(http.MethodDelete, "/api/v1/quartiers/CE/editions/1", nil)); w.Code != http.StatusNoContent {
		t.Fatalf("withdrawal: %d", w.Code)
	}
	wall = wallSlide{}
	n.into(n.get(path+"/1"), http.StatusOK, &wall)
	if len(wall.Hexagons) != 0 {
		t.Errorf("withdrawn, and still shown: %+v", wall)
	}
}

// TestSlideThatStandsIsCountedAgain: what is hidden, shown again or erased while a
// slide is on the wall is told to the wall at its next question, by every node; so is
// an edition that is withdrawn. A new signalement moves nothing, and neither do other
// decisions; an evening that is over stays as it is.
func TestSlideThatStandsIsCountedAgain(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	room, over := pgtest.Atelier(t, n.pool), pgtest.Atelier(t, n.pool)
	path := "/api/v1/ateliers/" + room.ID.String() + "/restitution"
	place := func(s *atelier.Signalement) { s.Position, s.Quartier = orb.Point{5.9187, 45.5665}, room.Quartier }
	var told []atelier.Signalement
	for range 5 {
		told = append(told, pgtest.Signalement(t, n.pool, place))
	}
	const slides = `{"base":0,"slides":[{"kind":"map"},{"kind":"density"},{"kind":"themes"},{"kind":"months"},{"kind":"week"}]}`
	n.into(n.put(path, slides), http.StatusOK, &restitution{})
	n.into(n.put("/api/v1/ateliers/"+over.ID.String()+"/restitution", slides), http.StatusOK, &restitution{})
	n.exec(`update atelier set state = 'closed', frozen_at = now(), frozen_hash = 'x' where id = $1`, over.ID)
	n.into(n.post(path+"/montree", `{"version":1,"rang":1}`), http.StatusOK, &restitution{})
	far := *n
	far.start()
	other := far.by(auth.Police) // looks at another node
	wall := func(as *node, shown bool) (counted int) {
		t.Helper()
		var r restitution
		n.into(as.get(path), http.StatusOK, &r)
		for rang := 1; rang <= 5; rang++ {
			var s wallSlide
			n.into(as.get(fmt.Sprintf("%s/%d", path, rang)), http.StatusOK, &s)
			if (s.AtLeast == 5) != shown || (len(s.Hexagons)+len(s.Themes) > 0 || rang > 3) != (shown || rang > 3) {
				t.Errorf("slide %d shows %+v, want shown %v", rang, s, shown)
			}
		}
		return r.Recounted
	}
	decide := func(verdict, reason string) {
		t.Helper()
		want(t, verdict, n.post("/api/v1/moderation/decisions", fmt.Sprintf(`{"id":"%s","objet":"signalement","objet_id":"%s","verdict":"%s","reason":"%s"}`,
			uuid.New(), told[0].ID, verdict, reason)), http.StatusCreated)
	}
	before := wall(n, true)
	wall(other, true)
	steps := []struct {
		name  string
		shown bool
		do    func()
	}{
		{"hidden", false, func() { decide("hide", "duplicate") }},
		{"shown again", true, func() { decide("restore", "mistake") }},
		{"erased by whoever reported it", false, func() {
			code := atelier.NewCode() + "2345"
			n.exec(`update signalement set receipt = $2 where id = $1`, told[1].ID, atelier.ReceiptDigest(code))
			r := httptest.NewRequest(http.MethodDelete, "/api/v1/recu", nil)
			r.Header.Set("Recu", code)
			want(t, "erase", n.by(auth.Public).do(r), http.StatusOK)
		}},
	}
	for _, step := range steps {
		step.do()
		for _, as := range []*node{other, n} {
			if after := wall(as, step.shown); after != before+1 {
				t.Errorf("%s: the wall was told %d times, want once", step.name, after-before)
			}
		}
		before++
	}
	pgtest.Signalement(t, n.pool, place)
	n.maps.Touch(room.Territoire)
	if after := wall(n, true); after != before {
		t.Error("one more signalement moves the wall")
	}
	var closed restitution
	n.into(n.get("/api/v1/ateliers/"+over.ID.String()+"/restitution"), http.StatusOK, &closed)
	if closed.Recounted != 0 {
		t.Errorf("an evening that is over is counted again: %+v", closed)
	}
	b := n.ask(n.closedEvening(9))
	n.into(n.post("/api/v1/brouillons/"+b.ID+"/publier", ""), http.StatusOK, &b)
	if w := n.do(httptest.NewRequest(http.MethodDelete, "/api/v1/quartiers/CE/editions/1", nil)); w.Code != http.StatusNoContent {
		t.Fatalf("withdrawal: %d", w.Code)
	}
	if after := wall(other, true); after != before+1 {
		t.Errorf("an edition is withdrawn, and the wall was told %d times", after-before)
	}
}

// TestPropositions: what speaks for an atelier in each quartier, and only a
// difference beyond chance is a trend.
func TestPropositions(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	room := pgtest.Atelier(t, n.pool)
	report := func(count int, theme string, at time.Time) {
		for range count {
			pgtest.Signalement(t, n.pool, func(s *atelier.Signalement) {
				s.Position, s.Quartier, s.Theme, s.OccurredFrom, s.OccurredTo = orb.Point{5.9187, 45.5665}, room.Quartier, atelier.Theme(theme), at, at
			})
		}
	}
	report(12, "BRU", time.Date(2026, 2, 5, 21, 30, 0, 0, time.UTC)) // 22:30 in Chambéry
	report(2, "DEG", time.Date(2026, 2, 6, 12, 0, 0, 0, time.UTC))
	report(1, "VOL", time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC))
	type proposition struct {
		Quartier             string
		Signalements, Before int
		Trend                string
		Themes               []struct {
			Theme string
			N     int
		}
		Moments   map[string]int
		Reporters int
	}
	var got struct{ Propositions []proposition }
	n.into(n.get("/api/v1/propositions?from=2026-02-01&to=2026-02-28"), http.StatusOK, &got)
	byCode := map[string]proposition{}
	for _, p := range got.Propositions {
		byCode[p.Quartier] = p
	}
	p := byCode[room.Quartier]
	if p.Signalements != 14 || p.Before != 1 || p.Trend != "more" || len(p.Themes) != 2 || p.Themes[0].Theme != "BRU" || p.Themes[0].N != 12 ||
		p.Moments["night"] != 12 || p.Moments["day"] != 2 || p.Moments["evening"] != 0 {
		t.Errorf("%+v", p)
	}
	for code, p := range byCode {
		if code != room.Quartier && (p.Signalements != 0 || p.Trend != "unknown") {
			t.Errorf("%s: %+v", code, p)
		}
	}
	n.into(n.get("/api/v1/propositions?from=2026-01-15&to=2026-01-16"), http.StatusOK, &got)
	for _, p := range got.Propositions {
		if p.Quartier == room.Quartier && p.Trend != "same" {
			t.Errorf("one report after none is %q", p.Trend)
		}
	}
	// What was received this minute counts, and so does the night when clocks change:
	// the 31 days before October 2025, which has 745 hours, begin on 31 August.
	report(1, "PRO", now.Add(-time.Minute))
	report(3, "DEG", time.Date(2025, 8, 30, 22, 30, 0, 0, time.UTC)) // the 31st, 0:30 in Chambéry
	report(5, "DEG", time.Date(2025, 8, 30, 21, 30, 0, 0, time.UTC))
	n.maps.Touch(pgtest.Chambery)
	for query, want := range map[string][2]int{"from=2026-03-20&to=2026-03-20": {1, 0}, "from=2026-03-20&to=2027-03-20": {1, 0}, "from=2026-03-19&to=2026-03-19": {0, 0},
		"from=2025-10-01&to=2025-10-31": {0, 3}} {
		n.into(n.get("/api/v1/propositions?"+query), http.StatusOK, &got)
		for _, p := range got.Propositions {
			if p.Quartier == room.Quartier && (p.Signalements != want[0] || p.Before != want[1]) {
				t.Errorf("%s: %d and %d before, want %v", query, p.Signalements, p.Before, want)
			}
		}
	}
	n.problem(n.get("/api/v1/propositions?from=2030-01-01&to=2030-02-01"), http.StatusUnprocessableEntity, "periode_future")
	n.problem(n.get("/api/v1/propositions?from=2026-02-01"), http.StatusBadRequest, "parametre_absent")
	n.problem(n.by(auth.Police).get("/api/v1/propositions?from=2026-02-01&to=2026-02-28"), http.StatusForbidden, "acces_refuse")
}
