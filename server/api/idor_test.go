package api_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"quietude/server/atelier"
	"quietude/server/auth"
	"quietude/server/pgtest"
)

// named is what the parameters of a closed route name: an object of the territoire
// by its identifier, or what is no secret.
var named = map[string]string{
	"ateliers": "atelier", "comptes": "compte", "jetons": "jeton", "organisations": "organisation", "brouillons": "brouillon",
	"moderation": "signalement", "action": "action", "participant": "participant", "lien": "lien", "quartiers": "quartier",
}

// notNamed are the parameters that name nothing of somebody's, and why.
var notNamed = map[string]string{
	"finding": "whoever writes a constat makes its identifier, within a room that is named before it",
	"h3":      "a place of the map: the answer counts what the principal's own territoire has there",
	"z":       "a square of the map, likewise", "x": "likewise", "y": "likewise", "layer": "likewise",
	"numero": "counts the tables of a room or the editions of a quartier, which are named before it",
	"rang":   "counts the slides of a room", "objet": "a kind of object",
}

// made are the routes where whoever writes makes the identifier: another territoire's
// is not known there, and stays what it was.
var made = map[string]bool{"PUT /api/v1/organisations/{id}": true}

// bodies are what the routes that write take; ID is a new identifier.
var bodies = map[string]string{
	"POST /api/v1/ateliers/{id}/compte-rendu/diffusion":       `{"id":"ID"}`,
	"POST /api/v1/ateliers/{id}/deroule":                      `{"minutes":[10,20,20,10,20,10,10]}`,
	"POST /api/v1/ateliers/{id}/invitations":                  `{"reporters":["ID"]}`,
	"POST /api/v1/ateliers/{id}/ops":                          `{"ops":[{"id":"ID","kind":"share"}]}`,
	"POST /api/v1/ateliers/{id}/link":                         ``,
	"POST /api/v1/ateliers/{id}/restitution/montree":          `{"version":1,"rang":0}`,
	"PUT /api/v1/ateliers/{id}/institutions":                  `{"institutions":[{"institution":"elus","expected":2}]}`,
	"PUT /api/v1/ateliers/{id}/restitution":                   `{"base":0,"slides":[]}`,
	"PUT /api/v1/ateliers/{id}/findings/{finding}":            `{"base":0,"rang":1,"titre":"Il fait sombre"}`,
	"POST /api/v1/actions/{action}/events":                    `{"id":"ID","state":"ongoing"}`,
	"POST /api/v1/actions/{action}/suivi":                     `{"id":"ID","shown":false,"digest":"` + strings.Repeat("0", 64) + `"}`,
	"PUT /api/v1/actions/{action}":                            `{"base":1,"code":"TEC","titre":"Huit lampadaires"}`,
	"PUT /api/v1/organisations/{id}":                          `{"nom":"Autre nom","kind":"bailleur"}`,
	"POST /api/v1/organisations/{id}/liens":                   `{"days":30}`,
	"DELETE /api/v1/organisations/{id}/liens":                 ``,
	"DELETE /api/v1/organisations/{id}/liens/{lien}":          ``,
	"POST /api/v1/brouillons/{id}/publier":                    ``,
	"POST /api/v1/comptes/{id}/lien":                          ``,
	"PUT /api/v1/comptes/{id}/etat":                           `{"open":false}`,
	"PUT /api/v1/comptes/{id}/role":                           `{"role":"analyste"}`,
	"PUT /api/v1/comptes/{id}/organisation":                   `{"organisation":null}`,
	"DELETE /api/v1/comptes/{id}/second-facteur":              ``,
	"DELETE /api/v1/jetons/{id}":                              ``,
	"DELETE /api/v1/ateliers/{id}/contribution":               ``,
	"DELETE /api/v1/ateliers/{id}/participants/{participant}": ``,
	"DELETE /api/v1/quartiers/{code}/editions/{numero}":       ``,
}

// queries are what a route cannot be asked without.
var queries = map[string]string{"GET /api/v1/quartiers/{code}/changement": "?avant=2025-01-01..2025-06-30&apres=2025-07-01..2025-12-31"}

// property is a city's objects, one of each kind that a route names.
func (n *node) property() (objects map[string]string, room uuid.UUID, code string) {
	n.t.Helper()
	room, code = n.evening()
	id := map[string]uuid.UUID{}
	for _, kind := range []string{"organisation", "action", "brouillon", "lien"} {
		id[kind] = uuid.New()
	}
	city := n.city.Code
	n.exec(`insert into organisation (territoire, id, nom, kind) values ($1, $2, 'Habitat', 'bailleur')`, city, id["organisation"])
	n.exec(`insert into action (territoire, id, quartier, atelier, code, titre, state, pilote) values ($1, $2, 'CE', $3, 'TEC', 'Six lampadaires', 'planned', $4)`,
		city, id["action"], room, id["organisation"])
	n.exec(`insert into edition_brouillon (territoire, id, quartier, ateliers) values ($1, $2, 'CE', $3)`, city, id["brouillon"], []uuid.UUID{room})
	n.exec(`insert into organisation_link (territoire, id, organisation, digest, expires_at) values ($1, $2, $3, $4, now() + interval '1 day')`,
		city, id["lien"], id["organisation"], auth.Digest("lien"))
	token, err := n.store.AddMachine(n.t.Context(), atelier.Jeton{Territoire: city, Role: "analyste", Label: "QGIS", Scopes: []string{"hexagones"}}, auth.Digest("jeton"),
		time.Now().Add(time.Hour), uuid.Nil)
	if err != nil {
		n.t.Fatal(err)
	}
	n.join(fmt.Sprintf(`{"code":"%s","secret":"%s"}`, code, uuid.New()))
	var participant uuid.UUID
	if err := n.pool.QueryRow(n.t.Context(), "select id from participant where atelier = $1", room).Scan(&participant); err != nil {
		n.t.Fatal(err)
	}
	objects = map[string]string{"atelier": room.String(), "compte": n.compte(auth.Police).ID.String(), "jeton": token.String(), "participant": participant.String(),
		"signalement": pgtest.Signalement(n.t, n.pool).ID.String(), "quartier": "CE"}
	for kind, one := range id {
		objects[kind] = one.String()
	}
	return objects, room, code
}

// rowsOf is what a territoire has in every table that names it, but for who came
// when.
func (n *node) rowsOf(territoire string) map[string]string {
	n.t.Helper()
	rows, err := n.pool.Query(n.t.Context(), `select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
		join pg_attribute a on a.attrelid = c.oid and a.attname = 'territoire'
		where c.relkind = 'r' and n.nspname in ('public', 'contact', 'publication') and c.relname not in ('staff_token', 'session')`)
	if err != nil {
		n.t.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		n.t.Fatal(err)
	}
	all := map[string]string{}
	for _, table := range tables {
		var sum string
		if err := n.pool.QueryRow(n.t.Context(), "select coalesce(md5(string_agg(t::text, '' order by t::text)), '') from "+table+" t where territoire = $1", territoire).Scan(&sum); err != nil {
			n.t.Fatal(err)
		}
		all[table] = sum
	}
	return all
}

// leaver is a client that leaves once it knows whether it is answered.
type leaver struct {
	*httptest.ResponseRecorder
	leave func()
}

func (l leaver) WriteHeader(status int) {
	l.ResponseRecorder.WriteHeader(status)
	l.leave()
}

var parameter = regexp.MustCompile(`\{(\w+)\}`)

// kindOf is what a parameter of a path names; "" for what names nothing.
func kindOf(path, name string) string {
	if name == "id" || name == "code" {
		return named[strings.Split(path, "/")[3]]
	}
	return named[name]
}

// TestIdentifiersOfOthers asks every closed route whose path names something, as
// every role that it answers, about what is another territoire's, what exists nowhere
// and what is of another kind: the answers are the same bytes, nothing changes, and
// whoever it belongs to gets another one. A route that is not known here fails.
func TestIdentifiersOfOthers(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	n.exec(`insert into territoire (territoire, nom, emprise) select '73255', 'La Ravoire', emprise from territoire`)
	objects, room, code := n.property()
	owners := n.everybody(room, code)
	n.exec(`update staff_token set organisation = $1 where role = 'bailleur'`, objects["organisation"])
	others := map[auth.Role]*node{}
	for _, role := range auth.Staff {
		others[role] = n.by(role, "73255")
	}
	_, elsewhere := n.evening()
	others[auth.Habitant] = n.everybody(uuid.Nil, elsewhere)[auth.Habitant]
	// Of the same territoire, and without that organisation.
	bailleur := n.by(auth.Bailleur)

	fill := func(path string, with map[string]string) string {
		return parameter.ReplaceAllStringFunc(path, func(p string) string {
			name := strings.Trim(p, "{}")
			if value, ok := with[name]; ok {
				return value
			}
			if kind := kindOf(path, name); kind != "" {
				return objects[kind]
			}
			return map[string]string{"numero": "1", "rang": "1", "objet": "signalement", "finding": uuid.NewString()}[name]
		})
	}
	ask := func(as *node, route string, with map[string]string) (int, string) {
		method, path, _ := strings.Cut(route, " ")
		id := uuid.NewString()
		r := httptest.NewRequest(method, fill(path, with)+queries[route], strings.NewReader(strings.ReplaceAll(bodies[route], "ID", id)))
		if bodies[route] != "" {
			r.Header.Set("Content-Type", "application/json")
		}
		ctx, leave := context.WithCancel(t.Context())
		defer leave()
		w := httptest.NewRecorder()
		if strings.HasSuffix(path, "/stream") { // what opens is not read to its end
			as.handler.ServeHTTP(leaver{w, leave}, r.WithContext(ctx))
		} else {
			as.handler.ServeHTTP(w, r)
		}
		return w.Code, strings.ReplaceAll(w.Body.String(), id, "ID")
	}
	var routes []string
	for _, route := range routeNames(t) {
		method, path, _ := strings.Cut(route, " ")
		if auth.Open(route) || !strings.Contains(path, "{") {
			continue
		}
		names := false
		for _, p := range parameter.FindAllStringSubmatch(path, -1) {
			kind := kindOf(path, p[1])
			names = names || kind != ""
			if kind == "" && notNamed[p[1]] == "" {
				t.Errorf("%s: what does {%s} name?", route, p[1])
			}
		}
		if _, known := bodies[route]; method != http.MethodGet && !known {
			t.Errorf("%s: what does it take?", route)
		}
		if names {
			routes = append(routes, route)
		}
	}
	for route := range bodies {
		if !slices.Contains(routes, route) {
			t.Errorf("%s takes a body here and is no closed route that names something", route)
		}
	}
	before := n.rowsOf(n.city.Code)
	unknown := map[string]string{} // route and role → status and body
	attacks := 0
	for _, route := range routes {
		if made[route] {
			continue
		}
		_, path, _ := strings.Cut(route, " ")
		for role, as := range others {
			if !role.May(route) {
				continue
			}
			for _, p := range parameter.FindAllStringSubmatch(path, -1) {
				kind := kindOf(path, p[1])
				if kind == "" {
					continue
				}
				none := map[string]string{p[1]: uuid.NewString()}
				if kind == "quartier" {
					none[p[1]] = "ZZ"
				}
				status, body := ask(as, route, none)
				if status != http.StatusNotFound {
					t.Errorf("%s as %s with an unknown {%s}: %d %s", route, role, p[1], status, body)
				}
				if p[1] == parameter.FindStringSubmatch(path)[1] {
					unknown[fmt.Sprint(route, role)] = fmt.Sprint(status, body)
				}
				tries := []map[string]string{{p[1]: objects[kind]}}
				for other, id := range objects {
					if other != kind && other != "quartier" && kind != "quartier" {
						tries = append(tries, map[string]string{p[1]: id})
					}
				}
				for i, with := range tries {
					attacks++
					if s, b := ask(as, route, with); s != status || b != body {
						t.Errorf("%s as %s with another's {%s} (%d): %d %s, unknown %d %s", route, role, p[1], i, s, b, status, body)
					}
				}
			}
		}
		if auth.Bailleur.May(route) && strings.Contains(path, "{action}") {
			attacks++
			s, b := ask(bailleur, route, nil)
			if none := unknown[fmt.Sprint(route, auth.Bailleur)]; fmt.Sprint(s, b) != none {
				t.Errorf("%s as another bailleur: %d %s, unknown %s", route, s, b, none)
			}
		}
	}
	for route := range made {
		for role, as := range others {
			if role.May(route) {
				ask(as, route, nil)
			}
		}
	}
	if after := n.rowsOf(n.city.Code); !maps.Equal(before, after) {
		for table := range before {
			if before[table] != after[table] {
				t.Errorf("the requests of others changed %s", table)
			}
		}
	}
	// Whoever it belongs to gets another answer: else the same bytes prove nothing. What
	// deletes comes last.
	order := []string{http.MethodGet, http.MethodPut, http.MethodPost, http.MethodDelete}
	slices.SortStableFunc(routes, func(a, b string) int {
		return slices.Index(order, strings.Fields(a)[0]) - slices.Index(order, strings.Fields(b)[0])
	})
	for _, route := range routes {
		if route == "DELETE /api/v1/quartiers/{code}/editions/{numero}" {
			continue // no edition is published here; TestWithdrawal… has one
		}
		for role, as := range owners {
			if none, asked := unknown[fmt.Sprint(route, role)]; asked && role.May(route) {
				if s, b := ask(as, route, nil); fmt.Sprint(s, b) == none {
					t.Errorf("%s as %s, whose it is: %d %s", route, role, s, b)
				}
			}
		}
	}
	t.Logf("%d routes, %d requests for what is another's, %d tables unchanged", len(routes), attacks, len(before))
}

// TestForeignPagesWriteNothing sends to every route that writes what a page of another
// site would make a browser send, with the cookie of each role: none gets past the door.
func TestForeignPagesWriteNothing(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	cookies := map[auth.Role]string{auth.Public: ""}
	for _, role := range auth.Staff {
		cookies[role] = n.session(n.compte(role))
	}
	asked := 0
	for _, route := range routeNames(t) {
		method, path, _ := strings.Cut(route, " ")
		if method == http.MethodGet {
			continue
		}
		for role, cookie := range cookies {
			ask := func(headers ...string) *httptest.ResponseRecorder {
				r := httptest.NewRequest(method, "http://quietude.exemple.fr"+parameter.ReplaceAllString(path, "1"), strings.NewReader("{}"))
				r.Header.Set("Content-Type", "text/plain")
				r.Header.Set("Cookie", cookie)
				r.RemoteAddr = here
				for i := 0; i < len(headers); i += 2 {
					r.Header.Set(headers[i], headers[i+1])
				}
				w := httptest.NewRecorder()
				n.bare.ServeHTTP(w, r)
				return w
			}
			for _, headers := range [][]string{{"Origin", "https://ailleurs.exemple"}, {"Sec-Fetch-Site", "cross-site"}, {"Origin", "null"}} {
				asked++
				w := ask(headers...)
				if w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), `"code":"origine_refusee"`) {
					t.Errorf("%s as %s with %v: %d %s", route, role, headers, w.Code, w.Body)
				}
			}
			if route != "DELETE /api/v1/session" { // that one would end the sessions of the test
				if w := ask("Sec-Fetch-Site", "same-origin"); strings.Contains(w.Body.String(), `"code":"origine_refusee"`) {
					t.Errorf("%s as %s from our own page: %d %s", route, role, w.Code, w.Body)
				}
			}
		}
	}
	t.Logf("%d requests", asked)
}

// TestPageByRole opens every page that is not for everyone as every role: whom its line
// names opens it, the public is asked to sign in, and other roles are told whose it is,
// without the page.
func TestPageByRole(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	room, code := n.evening()
	asked := 0
	for role, as := range n.everybody(room, code) {
		for _, page := range auth.Pages() {
			asked++
			r := httptest.NewRequest(http.MethodGet, regexp.MustCompile(`:\w+`).ReplaceAllString(page, room.String()), nil)
			w := httptest.NewRecorder()
			as.handler.ServeHTTP(w, r)
			switch {
			case role == auth.Public:
				if w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/connexion?retour=") {
					t.Errorf("%s as nobody: %d", page, w.Code)
				}
			case role.MayOpen(page):
				if w.Code == http.StatusForbidden || w.Code == http.StatusSeeOther {
					t.Errorf("%s as %s: %d", page, role, w.Code)
				}
			default:
				if w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "réservée à un autre rôle") {
					t.Errorf("%s as %s: %d %s", page, role, w.Code, w.Body)
				}
			}
			if w.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("%s as %s: Cache-Control %q", page, role, w.Header().Get("Cache-Control"))
			}
		}
	}
	t.Logf("%d pages opened", asked)
}
