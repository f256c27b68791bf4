package api_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"

	"quietude/server/api"
	"quietude/server/auth"
	"quietude/server/pgtest"
)

// TestReadingsHaveAReason asks each route of the access log as each role that may
// use it: where the reason is the person's to choose, the reading is refused
// without one and with one of another kind, and nothing is logged; where there is
// one reason it is that, and no other is taken. Residents are asked nothing.
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
			return map[string]string{"{objet}": "signalement", "{h3}": "8a1f9c2d1b67fff", "{id}": room.String()}[name]
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
			if len(reasons) > 1 {
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

// shown says why an answer of a closed route with positions is no reading of what
// residents confided.
var shown = func() map[string]string {
	all := map[string]string{}
	for why, routes := range map[string][]string{
		"borders and centres of hexagons": {"GET /api/v1/quartiers/{code}/hexagones", "GET /api/v1/hexagones", "GET /api/v1/brouillons/{id}/hexagones",
			"GET /api/v1/statistiques/hexagones", "GET /api/v1/statistiques/accords", "GET /api/v1/statistiques/concentrations",
			"GET /api/v1/statistiques/lieux/{h3}", "GET /api/v1/statistiques/fiche", "GET /api/v1/quartiers/{code}/portrait",
			"GET /api/v1/quartiers/{code}/changement", "GET /api/v1/quartiers/{code}/avant-apres"},
		"the place that the room agreed on or chose, which the compte rendu shows": {"GET /api/v1/findings", "GET /api/v1/ateliers/{id}/findings",
			"PUT /api/v1/ateliers/{id}/findings/{finding}", "GET /api/v1/ateliers/{id}/suggestions"},
		"where the authorities act": {"GET /api/v1/actions", "POST /api/v1/actions", "GET /api/v1/actions/{action}",
			"PUT /api/v1/actions/{action}", "POST /api/v1/actions/{action}/events"},
	} {
		for _, route := range routes {
			all[route] = why
		}
	}
	return all
}()

// TestPositionsAreReadings: a closed route whose answer may hold positions is in
// the table of readings, or is one of those whose positions are public or those of
// hexagons, so that a new one is decided about.
func TestPositionsAreReadings(t *testing.T) {
	t.Parallel()
	document := loadContract(t)
	readings := api.Readings()
	for _, route := range new(api.API).Routes() {
		name := route.Method + " " + route.Path
		if strings.Contains(name, "{layer}") || auth.Open(name) {
			continue
		}
		positions := false
		for _, answer := range document.Paths.Value(route.Path).GetOperation(route.Method).Responses.Map() {
			for _, content := range answer.Value.Content {
				positions = positions || holdsPosition(content.Schema, map[*openapi3.Schema]bool{})
			}
		}
		_, logged := readings[name]
		if why := shown[name]; positions && !logged && why == "" {
			t.Errorf("%s answers positions and is no reading", name)
		} else if (!positions || logged) && why != "" {
			t.Errorf("%s needs no exception", name)
		}
	}
	for name := range readings {
		if !slices.Contains(auth.Routes(), name) {
			t.Errorf("%s is a reading and no route", name)
		}
	}
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
