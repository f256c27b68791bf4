package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"quietude/geo/hexgrid"
	"quietude/server/api"
	"quietude/server/atelier"
	"quietude/server/auth"
	"quietude/server/pgtest"
)

// usual are the reasons of those who name none; they come first.
var usual = []string{"moderation", "invitation", "animation"}

// TestReadingsHaveAReason asks each route of the access log as each role that may
// use it: where the reason is the person's to choose, the reading is refused
// without one and with one of another kind, and nothing is logged; where one is usual
// it is that without one, and none that is not of the list is taken. Residents are asked nothing.
func TestReadingsHaveAReason(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	room, code := n.evening()
	names := regexp.MustCompile(`\{[^}]+\}`)
	everybody := n.everybody(room, code)
	asked := 0
	for route, reasons := range api.Readings() {
		method, path, _ := strings.Cut(route, " ")
		path = names.ReplaceAllStringFunc(path, func(name string) string {
			return map[string]string{"{objet}": "signalement", "{h3}": "8a1f9c2d1b67fff", "{id}": room.String(), "{action}": uuid.NewString()}[name]
		})
		for role, as := range everybody {
			if !role.May(route) {
				continue
			}
			code := func(reason string) string {
				r := httptest.NewRequest(method, path, strings.NewReader("{}"))
				r.Header.Set("Content-Type", "application/json")
				r.Header["Finalite"] = []string{reason}
				w := httptest.NewRecorder()
				as.handler.ServeHTTP(w, r)
				var problem struct{ Code, Field string }
				_ = json.Unmarshal(w.Body.Bytes(), &problem) // what is no problem has no code
				if strings.HasPrefix(problem.Code, "finalite") && (w.Code != http.StatusBadRequest || problem.Field != "Finalite") {
					t.Errorf("%s as %s: %d %+v", route, role, w.Code, problem)
				}
				return problem.Code
			}
			asked++
			none, other := "", "finalite_inconnue"
			if !slices.Contains(usual, reasons[0]) {
				none = "finalite_absente"
			}
			if role == auth.Habitant {
				none, other = "", ""
			}
			for _, bad := range []string{"non_precisee", "curiosite", "Patrouille"} {
				if got := code(bad); strings.HasPrefix(got, "finalite") != (other != "") || other != "" && got != other {
					t.Errorf("%s as %s for %q: %q, want %q", route, role, bad, got, other)
				}
			}
			if got := code(""); strings.HasPrefix(got, "finalite") != (none != "") || none != "" && got != none {
				t.Errorf("%s as %s without a reason: %q, want %q", route, role, got, none)
			}
			for _, reason := range reasons {
				if got := code(reason); strings.HasPrefix(got, "finalite") {
					t.Errorf("%s as %s for %q: %q", route, role, reason, got)
				}
			}
		}
	}
	var logged int
	if err := n.pool.QueryRow(t.Context(), `select count(*) from journal.consultation where finalite not in
		('patrouille', 'reponse', 'diagnostic', 'restitution', 'suivi', 'signalement', 'verification', 'moderation', 'invitation', 'animation')`).Scan(&logged); err != nil || logged != 0 {
		t.Errorf("%d lines without a reason of the list, %v", logged, err)
	}
	t.Logf("%d routes × roles", asked)
}

// TestRoomIsReadOnTheRecord: whoever animates leaves a line when reading the
// markers of an evening, once while the page stays open, for each evening.
func TestRoomIsReadOnTheRecord(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	first, second := pgtest.Atelier(t, n.pool), pgtest.Atelier(t, n.pool)
	for _, room := range []uuid.UUID{first.ID, second.ID} {
		for _, part := range []string{"/snapshot", "/markers", "/ops", "/snapshot"} {
			want(t, part, n.get("/api/v1/ateliers/"+room.String()+part), http.StatusOK)
		}
	}
	var log struct {
		Consultations []struct {
			Role, Objet, Finalite string
			Details               map[string]string
		}
	}
	n.into(n.by(auth.DPO).get("/api/v1/journal?finalite=animation"), http.StatusOK, &log)
	var rooms []string
	for _, one := range log.Consultations {
		if one.Role != "animateur" || one.Objet != "reperes" || one.Details["quartier"] == "" {
			t.Errorf("line %+v", one)
		}
		rooms = append(rooms, one.Details["atelier"])
	}
	slices.Sort(rooms)
	expected := []string{first.ID.String(), second.ID.String()}
	slices.Sort(expected)
	if !slices.Equal(rooms, expected) {
		t.Errorf("the log has %v, want %v", rooms, expected)
	}
}

// shown says why what a closed route answers is no reading of what residents
// confided.
var shown = func() map[string]string {
	all := map[string]string{}
	for why, routes := range map[string][]string{
		"borders and centres of hexagons, with counts": {"GET /api/v1/quartiers/{code}/hexagones", "GET /api/v1/quartiers/{code}/hexagones.csv", "GET /api/v1/hexagones", "GET /api/v1/hexagones.csv",
			"GET /api/v1/brouillons/{id}/hexagones", "GET /api/v1/statistiques/hexagones", "GET /api/v1/statistiques/accords", "GET /api/v1/statistiques/concentrations",
			"GET /api/v1/statistiques/densite", "GET /api/v1/statistiques/lieux/{h3}", "GET /api/v1/statistiques/fiche", "GET /api/v1/statistiques/fiche.pdf", "GET /api/v1/quartiers/{code}/portrait",
			"GET /api/v1/quartiers/{code}/changement", "GET /api/v1/quartiers/{code}/avant-apres"},
		"what a compte rendu leaves out, without it": {"GET /api/v1/ateliers/{id}/compte-rendu"},
		"counts": {"GET /api/v1/statistiques/vue", "GET /api/v1/statistiques/communales", "GET /api/v1/comparaisons", "GET /api/v1/propositions", "GET /api/v1/indicateurs",
			"GET /api/v1/indicateurs.csv", "GET /api/v1/rencontres-tenues", "GET /api/v1/conservation/etat", "GET /api/v1/ateliers/{id}/late", "GET /api/v1/ateliers/{id}/institutions",
			"GET /api/v1/brouillons/{id}", "GET /api/v1/ateliers/{id}/brouillons"},
		"what a hall is shown": {"GET /api/v1/ateliers/{id}/restitution", "GET /api/v1/ateliers/{id}/restitution/{rang}"},
		"the place that the room agreed on or chose, which the compte rendu shows": {"PUT /api/v1/ateliers/{id}/findings/{finding}"},
		"where the authorities act, and what they say of it":                       {"POST /api/v1/actions", "PUT /api/v1/actions/{action}", "POST /api/v1/actions/{action}/events", "GET /api/v1/actions.xlsx", "GET /api/v1/actions.csv", "GET /api/v1/actions.geojson"},
		"what is made for the public":                                              {"GET /api/v1/decidim/resultats.csv", "GET /api/v1/decidim/rencontres.csv"},
		"when and where ateliers are, and how many came":                           {"GET /api/v1/ateliers", "GET /api/v1/ateliers/{id}", "GET /api/v1/ateliers/{id}/presence.pdf"},
		"pseudonyms, by which one is found again, and how much each gave":          {"GET /api/v1/ateliers/{id}/participants"},
		"codes and maps of tables on which nothing is drawn yet":                   {"GET /api/v1/ateliers/{id}/cartes-tables.pdf", "GET /api/v1/ateliers/{id}/qr/{numero}.svg", "GET /api/v1/ateliers/{id}/plans-tables.pdf"},
		"of organisations, which no resident is":                                   {"GET /api/v1/organisations", "GET /api/v1/organisations/{id}/liens", "GET /api/v1/pilote"},
		"of the staff itself; the log of access is about them":                     {"GET /api/v1/compte", "GET /api/v1/comptes", "GET /api/v1/jetons", "GET /api/v1/journal", "GET /api/v1/journal.csv", "GET /api/v1/connexions"},
		"one's own": {"GET /api/v1/ateliers/{id}/contribution"},
	} {
		for _, route := range routes {
			all[route] = why
		}
	}
	return all
}()

// TestEveryReadIsDecidedAbout: a closed route that reads, and one that answers
// positions to who writes, is in the table of readings, or it says why it is none:
// a new one is decided about.
func TestEveryReadIsDecidedAbout(t *testing.T) {
	t.Parallel()
	document := loadContract(t)
	readings := api.Readings()
	known := map[string]bool{}
	for _, route := range new(api.API).Routes() {
		name := route.Method + " " + route.Path
		if strings.Contains(name, "{layer}") || auth.Open(name) {
			continue
		}
		known[name] = true
		answers := route.Method == http.MethodGet
		for _, answer := range document.Paths.Value(route.Path).GetOperation(route.Method).Responses.Map() {
			for _, content := range answer.Value.Content {
				answers = answers || holdsPosition(content.Schema, map[*openapi3.Schema]bool{})
			}
		}
		_, logged := readings[name]
		if why := shown[name]; answers && !logged && why == "" {
			t.Errorf("%s is read by staff: it is a reading, or says why it is none", name)
		} else if (!answers || logged) && why != "" {
			t.Errorf("%s needs no exception", name)
		}
	}
	for name := range readings {
		if !slices.Contains(auth.Routes(), name) {
			t.Errorf("%s is a reading and no route", name)
		}
	}
	for name := range shown {
		if !known[name] {
			t.Errorf("%s is an exception and no closed route", name)
		}
	}
}

// confided are what residents said, where, and how they can be reached, each unlike
// all else of the test.
var confided = []string{"tintamarre", "Quandalle", "5.918613", "5.917217"}

// TestWhatIsReadIsLogged asks every closed route that reads, as each role of the
// staff, about an evening and a signalement whose words, places and contacts are
// known: an answer that has one of them has left a line in the log, one that has none
// of them is no reading of these. So is every kind of them seen by somebody.
func TestWhatIsReadIsLogged(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	room := pgtest.Atelier(t, n.pool, func(a *atelier.Atelier) { a.ClosesAt = now.AddDate(0, 0, 1) })
	path := "/api/v1/ateliers/" + room.ID.String()
	pgtest.Marker(t, n.pool, room, func(m *atelier.Marker) {
		m.Note, m.Geometry = "Quel tintamarre", orb.Point{5.917217, 45.565432}
	})
	n.into(n.post(path+"/ops", fmt.Sprintf(`{"ops":[{"id":"%s","kind":"remark_add","remark":"%s","table":1,"question":"troubles","text":"Le tintamarre du soir","theme":"BRU"}]}`,
		uuid.New(), uuid.New())), http.StatusOK, &struct{}{})
	finding, action := uuid.NewString(), uuid.NewString()
	n.into(n.put(path+"/findings/"+finding, `{"base":0,"rang":1,"titre":"Constat de Mme Quandalle-Zyx"}`), http.StatusCreated, &struct{}{})
	n.into(n.post("/api/v1/actions", fmt.Sprintf(`{"id":"%s","atelier":"%s","code":"TEC","titre":"Répondre à Mme Quandalle-Zyx","findings":["%s"],"event":%s}`,
		action, room.ID, finding, event("planned", ""))), http.StatusCreated, &struct{}{})
	var told struct{ ID string }
	n.into(n.post("/api/v1/signalements", fmt.Sprintf(`{"id":"%s","geometry":{"type":"Point","coordinates":[5.918613,45.566512]},"theme":"BRU","note":"Le tintamarre des moteurs","occurred_from":"2026-03-10T21:00:00Z","contact":{"nom":"Zoé Quandalle","email":"zoe@canari.example","adresse":"1 rue Quandalle\n73000 Chambéry"}}`,
		uuid.Must(uuid.NewV7()))), http.StatusCreated, &told)
	var reporters struct{ Reporters []struct{ ID uuid.UUID } }
	n.into(n.get(path+"/reporters"), http.StatusOK, &reporters)
	n.into(n.post(path+"/invitations", fmt.Sprintf(`{"reporters":["%s"]}`, reporters.Reporters[0].ID)), http.StatusOK, &struct{}{})
	n.into(n.put(path+"/restitution", `{"base":0,"slides":[{"kind":"map"}]}`), http.StatusOK, &struct{}{})
	for _, text := range n.queue(n.token("animateur"), "held").Texts {
		if strings.Contains(text.Proposal, "tintamarre") {
			n.into(n.post("/api/v1/moderation/decisions", decision(text.Objet, text.ObjetID, fmt.Sprintf(`"champ":%q,"digest":%q,"verdict":"publish"`, text.Champ, text.Digest))), http.StatusCreated, &struct{}{})
		}
	}
	b := n.ask(n.closedEvening(9))

	fill := map[string]string{"{code}": "CE", "{action}": action, "{numero}": "1", "{rang}": "1", "{objet}": "signalement"}
	queries := map[string]string{"/compte-rendu": "?version=travail", "/compte-rendu.html": "?version=travail",
		"/compte-rendu.pdf": "?version=travail", "/compte-rendu.odt": "?version=travail", "/lieux/{h3}/signalements": "?from=2026-01-01", "/propositions": "?from=2026-02-01&to=2026-03-15"}
	seen, lines, asked := map[string]int{}, 0, 0
	look := func(route api.Route, role auth.Role, as *node) {
		address := parameter.ReplaceAllStringFunc(route.Path, func(name string) string {
			switch {
			case fill[name] != "":
				return fill[name]
			case name == "{h3}":
				return n.cellOf(told.ID).String()
			case strings.HasPrefix(route.Path, "/api/v1/moderation"):
				return told.ID
			case strings.HasPrefix(route.Path, "/api/v1/brouillons"):
				return b.ID
			}
			return room.ID.String()
		})
		for end, query := range queries {
			if strings.HasSuffix(route.Path, end) {
				address += query
			}
		}
		n.exec(`delete from journal.consultation`)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		w := httptest.NewRecorder()
		if route.Stream {
			time.AfterFunc(300*time.Millisecond, cancel) // what opens is not read to its end
		}
		as.handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, address, nil).WithContext(ctx))
		asked++
		var logged int
		if err := n.pool.QueryRow(t.Context(), `select count(*) from journal.consultation where role = $1`, role).Scan(&logged); err != nil {
			t.Fatal(err)
		}
		lines += logged
		body := readable(t, w)
		for _, one := range confided {
			if !strings.Contains(body, one) {
				continue
			}
			seen[one]++
			if logged == 0 {
				t.Errorf("%s reads %s, which says %q, and the log has nothing of it", role, address, one)
			}
		}
	}
	for _, closed := range []bool{false, true} {
		if closed {
			n.closeEvening(path)
		}
		for _, route := range new(api.API).Routes() {
			name := route.Method + " " + route.Path
			if route.Method != http.MethodGet || auth.Open(name) || strings.Contains(name, "{layer}") {
				continue
			}
			for _, role := range auth.Staff {
				if role.May(name) {
					look(route, role, n.by(role))
				}
			}
		}
	}
	for _, one := range confided {
		if seen[one] == 0 {
			t.Errorf("control: nobody reads %q", one)
		}
	}
	t.Logf("%d answers, %d lines, read %v", asked, lines, seen)
}

// cellOf is the hexagon of the places beyond chance that a signalement lies in.
func (n *node) cellOf(id string) (cell hexgrid.Cell) {
	n.t.Helper()
	if err := n.pool.QueryRow(n.t.Context(), `select cell from signalement where id = $1`, id).Scan(&cell); err != nil {
		n.t.Fatal(err)
	}
	return cell.Parent(10)
}

// holdsPosition looks for the member coordinates, or a list of numbers that is one.
func holdsPosition(ref *openapi3.SchemaRef, seen map[*openapi3.Schema]bool) bool {
	if ref == nil || ref.Value == nil || seen[ref.Value] {
		return false
	}
	seen[ref.Value] = true
	s := ref.Value
	if strings.HasSuffix(ref.Ref, "/Position") {
		return true
	}
	parts := slices.Concat(s.AllOf, s.AnyOf, s.OneOf)
	for member, part := range s.Properties {
		if member == "coordinates" {
			return true
		}
		parts = append(parts, part)
	}
	parts = append(parts, s.Items, s.AdditionalProperties.Schema)
	return slices.ContainsFunc(parts, func(part *openapi3.SchemaRef) bool { return holdsPosition(part, seen) })
}
