package api_test

import (
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"quietude/geo/hexgrid"
	"quietude/geo/hexstat"
	"quietude/server/atelier"
	"quietude/server/auth"
	"quietude/server/pgtest"
)

type statCounts struct {
	N        float64
	People   int
	Period   *struct{ From, To string }
	Interval struct{ Lo, Hi float64 }
	Strip    [][]float64
	Months   []struct {
		Month string
		N     float64
	}
	Themes []struct {
		Theme string
		N     float64
	}
}

func (s statCounts) stripTotal() (total float64) {
	for _, day := range s.Strip {
		for _, n := range day {
			total += n
		}
	}
	return total
}

// TestStatistiqueVue: each figure follows all parts of the filter but its own.
func TestStatistiqueVue(t *testing.T) {
	t.Parallel()
	n := newNode(t).by(auth.Police)
	zone, _ := time.LoadLocation("Europe/Paris")
	add := func(theme atelier.Theme, from time.Time, length time.Duration) {
		pgtest.Signalement(t, n.pool, func(s *atelier.Signalement) {
			s.Theme, s.OccurredFrom, s.OccurredTo, s.Reporter = theme, from, from.Add(length), uuid.New()
		})
	}
	add("BRU", time.Date(2026, 1, 5, 22, 30, 0, 0, zone), 0)          // a Monday
	add("BRU", time.Date(2026, 2, 3, 21, 0, 0, 0, zone), 2*time.Hour) // a Tuesday, 21 to 23 h
	add("OCC", time.Date(2026, 2, 7, 10, 0, 0, 0, zone), 30*time.Minute)
	n.maps.Touch(n.city.Code)
	var all, night, february statCounts
	n.into(n.get("/api/v1/statistiques/vue"), http.StatusOK, &all)
	if all.N != 3 || all.People != 3 || math.Abs(all.stripTotal()-3) > 1e-9 || len(all.Months) != 2 || all.Interval.Lo <= 0 || all.Interval.Hi < 3 {
		t.Errorf("everything: %+v", all)
	}
	if all.Period == nil || all.Period.From != "2026-01-05" || all.Period.To != "2026-02-07" {
		t.Errorf("period %+v", all.Period)
	}
	n.into(n.get("/api/v1/statistiques/vue?hours=22-23&theme=BRU"), http.StatusOK, &night)
	if night.N != 1.5 || math.Abs(night.stripTotal()-2) > 1e-9 || night.Strip[1][21] != 0.5 {
		t.Errorf("from 22 h: n %v, strip %v", night.N, night.Strip)
	}
	n.into(n.get("/api/v1/statistiques/vue?from=2026-02-01&to=2026-02-28"), http.StatusOK, &february)
	if february.N != 2 || len(february.Months) != 2 {
		t.Errorf("february: %+v", february)
	}
	again := n.get("/api/v1/statistiques/vue")
	r := httptest.NewRequest(http.MethodGet, "/api/v1/statistiques/vue", nil)
	r.Header.Set("If-None-Match", again.Header().Get("ETag"))
	if w := n.do(r); w.Code != http.StatusNotModified {
		t.Errorf("the same question again: %d", w.Code)
	}
}

func TestStatistiquesRefuse(t *testing.T) {
	t.Parallel()
	n := newNode(t).by(auth.Police)
	for path, want := range map[string]struct {
		status int
		code   string
	}{
		"vue?quartier=ZZ":                   {404, "quartier_inconnu"},
		"vue?territoire=01001":              {404, "territoire_inconnu"},
		"vue?theme=XXX":                     {400, "theme_inconnu"},
		"vue?from=2026-03-01&to=2026-02-01": {400, "periode_inversee"},
		"vue?hours=25":                      {400, "heures_invalides"},
		"densite?rayon=5000":                {400, ""},
		"accords?graine=0":                  {400, ""},
		"lieux/8a1f9b5a0c07fff":             {404, "lieu_inconnu"},
		"lieux/871f9b5a0ffffff":             {404, "lieu_inconnu"},
		"lieux/zz":                          {404, ""},
		"vue?format=geojson":                {406, "format_inconnu"},
	} {
		w := n.get("/api/v1/statistiques/" + path)
		if w.Code != want.status || !strings.Contains(w.Body.String(), want.code) {
			t.Errorf("%s: %d %s, want %d %s", path, w.Code, w.Body, want.status, want.code)
		}
	}
}

// TestStatistiquePlaces goes from the list of places to one of them.
func TestStatistiquePlaces(t *testing.T) {
	t.Parallel()
	n := newNode(t).by(auth.Police)
	chance := rand.New(rand.NewPCG(1, 2))
	a := pgtest.Atelier(t, n.pool)
	area := pgtest.Quartiers(t)["CE"]
	common := pgtest.InQuartier(t, area, nil)
	for i := range 14 {
		m := pgtest.Marker(t, n.pool, a, func(m *atelier.Marker) {
			if m.Geometry = pgtest.InQuartier(t, area, chance); i < 9 {
				m.Geometry = common
			}
		})
		if _, err := n.pool.Exec(t.Context(), `update marker set reasons = '{light,groups}' where id = $1`, m.ID); err != nil {
			t.Fatal(err)
		}
	}
	pgtest.Signalement(t, n.pool, func(s *atelier.Signalement) { s.Position = common })
	n.maps.Touch(n.city.Code)
	type agreements struct {
		Cells    map[string][][]float64
		Ateliers []struct {
			Participants, Speakers int
			Seed, Maps             int
			Why                    *struct{ Code, Words string }
			Places                 []struct {
				H3       string
				Hexagons []string
				N, Of    int
				P        float64
				Share    *struct{ Lo, Hi float64 }
				Titre    string
			}
		}
	}
	var found agreements
	n.into(n.ready("/api/v1/statistiques/accords?graine=7"), http.StatusOK, &found)
	if len(found.Ateliers) != 1 || found.Ateliers[0].Seed != 7 || found.Ateliers[0].Maps != 999 || len(found.Ateliers[0].Places) == 0 {
		t.Fatalf("%+v", found)
	}
	place := found.Ateliers[0].Places[0]
	if len(found.Cells[place.H3]) != 7 || found.Ateliers[0].Speakers != 14 || place.N < 9 || place.Of != 14 || place.P > 0.05 || place.Share == nil || place.Titre != "Atelier du centre" {
		t.Errorf("%+v", place)
	}
	cell, err := hexgrid.CellOf(common, hexgrid.Stored)
	if err != nil {
		t.Fatal(err)
	}
	var opened struct {
		Counts statCounts
		Felt   []struct {
			Of, Unsafe  int
			UnsafeShare *struct{ Lo, Hi float64 } `json:"unsafe_share"`
		}
		Reasons []struct {
			Reason string
			People int
		} `json:"unsafe_reasons"`
		SeesReports bool `json:"sees_reports"`
	}
	address := "/api/v1/statistiques/lieux/" + cell.Parent(10).String()
	n.into(n.get(address), http.StatusOK, &opened)
	if opened.Counts.N != 1 || len(opened.Felt) != 1 || opened.Felt[0].Unsafe < 9 || opened.Felt[0].Of != 14 || opened.Felt[0].UnsafeShare == nil {
		t.Errorf("%+v", opened)
	}
	if len(opened.Reasons) != 2 || opened.Reasons[0].People < 9 || !opened.SeesReports {
		t.Errorf("reasons %+v", opened.Reasons)
	}
	var list struct{ Features []struct{ ID string } }
	n.into(n.get(address+"/signalements"), http.StatusOK, &list)
	if len(list.Features) != 1 {
		t.Errorf("%d signalements", len(list.Features))
	}
	var concentrations struct {
		N           int
		GatheredWhy *struct{ Code, Words string } `json:"gathered_why"`
	}
	n.into(n.ready("/api/v1/statistiques/concentrations"), http.StatusOK, &concentrations)
	if concentrations.N != 1 || concentrations.GatheredWhy == nil || concentrations.GatheredWhy.Words != "trop peu de participants pour un test" {
		t.Errorf("one signalement: %+v", concentrations)
	}
	var fiche struct {
		Places []struct {
			H3, Origin, Where, When string
			Lines                   []string
		}
	}
	chosen := pgtest.InQuartier(t, pgtest.Quartiers(t)["HC"], nil)
	other, err := hexgrid.CellOf(chosen, 10)
	if err != nil {
		t.Fatal(err)
	}
	n.into(n.ready("/api/v1/statistiques/fiche?graine=7&lieux="+place.H3+","+other.String()), http.StatusOK, &fiche)
	if len(fiche.Places) != 2 || fiche.Places[0].Origin != "atelier" || fiche.Places[1].Origin != "chosen" || len(fiche.Places[0].Lines) != 2 ||
		!strings.Contains(fiche.Places[0].Lines[0], "sur 14 ne se sentent pas en sécurité ici ou juste à côté") {
		t.Errorf("%+v", fiche)
	}
	paper := n.get("/api/v1/statistiques/fiche.pdf?graine=7&lieux=" + place.H3)
	if paper.Code != http.StatusOK || !strings.HasPrefix(paper.Body.String(), "%PDF-") {
		t.Errorf("%d %s", paper.Code, paper.Header().Get("Content-Type"))
	}
	if bad := n.get("/api/v1/statistiques/fiche?lieux=8a1f9b5a0c07fff"); bad.Code != http.StatusBadRequest {
		t.Errorf("a place elsewhere: %d %s", bad.Code, bad.Body)
	}
	var hexagons struct {
		Signalements float64
		Voices       int
		Features     []struct {
			Properties struct {
				Signalements float64
				Unsafe       int
			}
		}
	}
	n.into(n.get("/api/v1/statistiques/hexagones"), http.StatusOK, &hexagons)
	if hexagons.Signalements != 1 || hexagons.Voices < 14 || len(hexagons.Features) == 0 {
		t.Errorf("%+v", hexagons)
	}
	var picture struct{ Value *struct{ N float64 } }
	n.into(n.get("/api/v1/statistiques/densite?felt=unsafe&rayon=150"), http.StatusOK, &picture)
	if picture.Value == nil || math.Abs(picture.Value.N-14) > 0.01 {
		t.Errorf("%+v", picture)
	}
}

// TestRecordedStatistics: what is withheld has no number.
func TestRecordedStatistics(t *testing.T) {
	t.Parallel()
	n := newNode(t).by(auth.Police)
	var empty struct{ Indicators []any }
	n.into(n.get("/api/v1/statistiques/communales"), http.StatusOK, &empty)
	if len(empty.Indicators) != 0 {
		t.Errorf("before an import: %v", empty)
	}
	id := uuid.New()
	for _, sql := range []string{
		`insert into statistique_import values ('73065', $1, 'Exemple, données fictives', 'x', 3, 3)`,
		`insert into statistique_communale (territoire, indicateur, unite, annee, diffuse, nombre, taux, import)
		 values ('73065', 'Vols', 'Victime', 2023, true, 0, 0, $1), ('73065', 'Vols', 'Victime', 2024, false, null, null, $1)`,
	} {
		if _, err := n.pool.Exec(t.Context(), sql, id); err != nil {
			t.Fatal(err)
		}
	}
	var got struct {
		Commune    string
		Sources    []string
		Indicators []struct {
			Indicator, Unit string
			Years           []struct {
				Year    int
				Diffuse bool
				N       *int
			}
		}
	}
	n.into(n.get("/api/v1/statistiques/communales"), http.StatusOK, &got)
	if got.Commune != "Chambéry" || len(got.Sources) != 1 || len(got.Indicators) != 1 || len(got.Indicators[0].Years) != 2 {
		t.Fatalf("%+v", got)
	}
	years := got.Indicators[0].Years
	if !years[0].Diffuse || years[0].N == nil || *years[0].N != 0 || years[1].Diffuse || years[1].N != nil {
		t.Errorf("%+v", years)
	}
	if _, err := n.pool.Exec(t.Context(), `update statistique_communale set nombre = 3 where not diffuse`); err == nil {
		t.Error("a withheld figure takes a number")
	}
}

// TestStatistiquesBySource: where signalements came from, and whether they or the
// ateliers count, is asked of every figure alike.
func TestStatistiquesBySource(t *testing.T) {
	t.Parallel()
	n := newNode(t).by(auth.Police)
	a := pgtest.Atelier(t, n.pool)
	area := pgtest.Quartiers(t)["CE"]
	at, chance := pgtest.InQuartier(t, area, nil), rand.New(rand.NewPCG(1, 2))
	for i := range 14 {
		pgtest.Marker(t, n.pool, a, func(m *atelier.Marker) {
			if m.Geometry = pgtest.InQuartier(t, area, chance); i < 9 {
				m.Geometry = at
			}
		})
	}
	zone, _ := time.LoadLocation("Europe/Paris")
	for i, origin := range []string{"habitant", "habitant", "import:mairie"} {
		pgtest.Signalement(t, n.pool, func(s *atelier.Signalement) {
			s.Position, s.Origin, s.OccurredFrom = at, origin, time.Date(2026, 1, 5+i, 22, 30, 0, 0, zone)
			s.OccurredTo = s.OccurredFrom
		})
	}
	n.maps.Touch(n.city.Code)
	cell, err := hexgrid.CellOf(at, 10)
	if err != nil {
		t.Fatal(err)
	}
	const refused = -1
	for query, want := range map[string]struct {
		reported       float64 // by the counts and by the map
		felt           bool
		ateliers, list int
		concentrated   int
	}{
		"":                                     {3, true, 1, 3, 3},
		"origine=habitant":                     {2, true, 1, 2, 2},
		"origine=import:mairie":                {1, true, 1, 1, 1},
		"origine=import:nowhere":               {0, true, 1, 0, 0},
		"source=signalements&origine=habitant": {2, false, 0, 2, 2},
		"source=signalements":                  {3, false, 0, 3, 3},
		"source=markers":                       {0, true, 1, refused, 0},
		"origine=import:nowhere,habitant,import:mairie": {3, true, 1, 3, 3},
		"origine=import:mairie,import:nowhere":          {1, true, 1, 1, 1},
	} {
		get := func(path string, into any) {
			t.Helper()
			n.into(n.ready("/api/v1/statistiques/"+path+"?"+query), http.StatusOK, into)
		}
		var counts struct {
			N       float64
			Origins []struct {
				Origin string
				N      float64
			}
		}
		get("vue", &counts)
		if counts.N != want.reported || len(counts.Origins) != 2 || counts.Origins[0].Origin != "habitant" || query != "source=markers" && counts.Origins[0].N != 2 {
			t.Errorf("%q: %+v", query, counts)
		}
		var hexagons struct {
			Signalements float64
			Voices       int
		}
		get("hexagones", &hexagons)
		if hexagons.Signalements != want.reported || hexagons.Voices > 0 != want.felt {
			t.Errorf("%q: map %+v", query, hexagons)
		}
		var agreed struct {
			Ateliers []struct{ Places []struct{ H3 string } }
		}
		get("accords", &agreed)
		if len(agreed.Ateliers) != want.ateliers {
			t.Errorf("%q: %d ateliers", query, len(agreed.Ateliers))
		}
		var gathered struct{ N int }
		get("concentrations", &gathered)
		if gathered.N != want.concentrated {
			t.Errorf("%q: %d signalements tested", query, gathered.N)
		}
		var fiche struct {
			Choices string
			Places  []struct{ Origin string }
		}
		get("fiche", &fiche)
		if (len(fiche.Places) > 0) != (want.ateliers > 0) {
			t.Errorf("%q: fiche %+v", query, fiche)
		}
		var opened struct {
			Counts struct{ N float64 }
			Felt   []struct{ Unsafe int }
		}
		get("lieux/"+cell.String(), &opened)
		if opened.Counts.N != want.reported || (len(opened.Felt) > 0) != want.felt {
			t.Errorf("%q: the place opened: %+v", query, opened)
		}
		var list struct{ Features []struct{ ID string } }
		if want.list == refused {
			if w := n.get("/api/v1/statistiques/lieux/" + cell.String() + "/signalements?" + query); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "source_sans_signalement") {
				t.Errorf("%q: the signalements of ateliers: %d %s", query, w.Code, w.Body)
			}
			continue
		}
		get("lieux/"+cell.String()+"/signalements", &list)
		if len(list.Features) != want.list {
			t.Errorf("%q: %d signalements listed", query, len(list.Features))
		}
	}
	var drawn struct {
		Features []struct {
			Properties struct{ Signalements, Unsafe int }
		}
	}
	n.into(n.get("/api/v1/quartiers/CE/hexagones?origine=habitant"), http.StatusOK, &drawn)
	if len(drawn.Features) != 1 || drawn.Features[0].Properties.Signalements != 2 || drawn.Features[0].Properties.Unsafe != 0 {
		t.Errorf("hexagons of one origin: %+v", drawn)
	}
	tile, other := n.get("/tiles/hexagones/10/528/366.mvt?origine=habitant"), n.get("/tiles/hexagones/10/528/366.mvt?origine=import:nowhere")
	if tile.Code != http.StatusOK || tile.Body.Len() <= other.Body.Len() {
		t.Errorf("tiles: %d with %d bytes, %d with %d", tile.Code, tile.Body.Len(), other.Code, other.Body.Len())
	}
	const choices = "du lundi au vendredi ; de 22 h à 6 h ; signalements venus de : formulaire des habitants, fichier « mairie »"
	var fiche struct{ Choices string }
	asked := "hours=22-23,0-5&days=1-5&origine=import:mairie,habitant"
	n.into(n.ready("/api/v1/statistiques/fiche?"+asked), http.StatusOK, &fiche)
	if file := n.get("/api/v1/statistiques/vue?figure=mois&format=csv&" + asked).Body.String(); fiche.Choices != choices || !strings.Contains(file, choices) {
		t.Errorf("choices %q, in a file:\n%s", fiche.Choices, file)
	}
	for _, bad := range []string{"x%20y", "habitant,", "habitant,x%20y", strings.Repeat("habitant,", 10) + "demo"} {
		if w := n.get("/api/v1/statistiques/vue?origine=" + bad); w.Code != http.StatusBadRequest {
			t.Errorf("origins that cannot be, %q: %d", bad, w.Code)
		}
	}
}

// TestPlaceListsWhatItCounts: the signalements of a place are those that its count
// is made of, whatever the filter.
func TestPlaceListsWhatItCounts(t *testing.T) {
	t.Parallel()
	n := newNode(t).by(auth.Police)
	zone, _ := time.LoadLocation("Europe/Paris")
	chance := rand.New(rand.NewPCG(1, 2))
	at := pgtest.InQuartier(t, pgtest.Quartiers(t)["CE"], nil)
	cell, err := hexgrid.CellOf(at, 10)
	if err != nil {
		t.Fatal(err)
	}
	lengths := []time.Duration{0, 20 * time.Minute, time.Hour, 3 * time.Hour, 30 * time.Hour, 6 * 24 * time.Hour, 7 * 24 * time.Hour, 40 * 24 * time.Hour, 367 * 24 * time.Hour}
	var all []atelier.Signalement
	for range 120 {
		all = append(all, pgtest.Signalement(t, n.pool, func(s *atelier.Signalement) {
			// Around both changes of the clocks too.
			day := []time.Time{time.Date(2025, 3, 30, 0, 0, 0, 0, zone), time.Date(2025, 10, 26, 0, 0, 0, 0, zone), time.Date(2025, 7, 1, 0, 0, 0, 0, zone)}[chance.IntN(3)]
			s.Position, s.Quartier = at, []string{"CE", "BI"}[chance.IntN(2)]
			s.OccurredFrom = day.Add(time.Duration(chance.IntN(4*72)) * 15 * time.Minute)
			s.OccurredTo = s.OccurredFrom.Add(lengths[chance.IntN(len(lengths))])
		}))
	}
	n.maps.Touch(n.city.Code)
	evening := func(day, hour int) bool { return day < 5 && hour >= 20 }
	for query, keeps := range map[string]func(s atelier.Signalement) bool{
		"":            func(atelier.Signalement) bool { return true },
		"quartier=CE": func(s atelier.Signalement) bool { return s.Quartier == "CE" },
		"hours=20-23&days=1-5": func(s atelier.Signalement) bool {
			strip, _ := hexstat.Aoristic(s.OccurredFrom, s.OccurredTo, zone).Get()
			for day := range strip {
				for hour, share := range strip[day] {
					if share > 0 && evening(day, hour) {
						return true
					}
				}
			}
			return false
		},
	} {
		want := 0
		for _, s := range all {
			if keeps(s) {
				want++
			}
		}
		var list struct{ Features []struct{ ID string } }
		n.into(n.get("/api/v1/statistiques/lieux/"+cell.String()+"/signalements?"+query), http.StatusOK, &list)
		var opened struct {
			Counts struct{ People, Anonymous int }
		}
		n.into(n.get("/api/v1/statistiques/lieux/"+cell.String()+"?"+query), http.StatusOK, &opened)
		if counted := opened.Counts.Anonymous; len(list.Features) != want || counted != want || want == 0 {
			t.Errorf("%q: %d listed, %d counted, want %d", query, len(list.Features), counted, want)
		}
	}
}

// TestDensityIsKnownByItsQuestion: the tag of a density is that of its question, which
// is answered without drawing anything when it comes back; its files say what they are
// made of.
func TestDensityIsKnownByItsQuestion(t *testing.T) {
	t.Parallel()
	n := newNode(t).by(auth.Police)
	const path = "/api/v1/statistiques/densite?rayon="
	small, large := n.get(path+"100"), n.get(path+"150") // nothing to draw: the same body
	if tag := small.Header().Get("ETag"); tag == "" || tag == large.Header().Get("ETag") || small.Body.String() != large.Body.String() {
		t.Errorf("tags %q and %q", tag, large.Header().Get("ETag"))
	}
	r := httptest.NewRequest(http.MethodGet, path+"100", nil)
	r.Header.Set("If-None-Match", small.Header().Get("ETag"))
	want(t, "the same again", n.do(r), http.StatusNotModified)

	pgtest.Marker(t, n.pool, pgtest.Atelier(t, n.pool))
	pgtest.Signalement(t, n.pool)
	n.maps.Touch(n.city.Code)
	for felt, caveats := range map[string][2]string{
		"":             {"Signalé n’est pas commis", "Une personne compte une fois"},
		"&felt=unsafe": {"Une personne compte une fois", "Signalé n’est pas commis"},
	} {
		file := n.get(path + "150&format=csv" + felt).Body.String()
		if !strings.Contains(file, caveats[0]) || strings.Contains(file, caveats[1]) || !strings.Contains(file, "lissée sur 150 m") {
			t.Errorf("the file of %q says\n%.600s", felt, file)
		}
	}
}
