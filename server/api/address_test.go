package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"quietude/server/auth"
)

// asker asks every route about the objects of a city, as whoever it answers.
type asker struct {
	n       *node
	objects map[string]string
	tokens  map[auth.Role]string
}

// ask gives all that comes back, headers and body, of a request that came to a machine's
// own address with a header Host and what proxies say of one.
func (a asker) ask(route string, role auth.Role, host string) string {
	a.n.t.Helper()
	method, path, _ := strings.Cut(route, " ")
	body, known := bodies[route]
	if item := a.n.contract.Paths.Value(path); !known && item != nil && item.GetOperation(method).RequestBody != nil {
		if media := item.GetOperation(method).RequestBody.Value.Content.Get("application/json"); media != nil {
			filled, _ := json.Marshal(sample(media.Schema.Value, -1, "", new(int), 0)) // what sample makes always marshals
			body = string(filled)
		}
	}
	if route == "POST /api/v1/comptes" {
		body = `{"email":"` + uuid.NewString() + `@exemple.fr","nom":"Camille Essai","role":"police"}`
	}
	path = parameter.ReplaceAllStringFunc(path, func(p string) string {
		if kind := kindOf(path, strings.Trim(p, "{}")); kind != "" {
			return a.objects[kind]
		}
		return map[string]string{"{numero}": "1", "{rang}": "1", "{objet}": "signalement", "{finding}": uuid.NewString(), "{z}": "14", "{x}": "8459", "{y}": "5848"}[p]
	})
	ctx, leave := context.WithCancel(context.WithValue(a.n.t.Context(), http.LocalAddrContextKey, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080}))
	defer leave()
	r := httptest.NewRequestWithContext(ctx, method, path+queries[route], strings.NewReader(strings.ReplaceAll(body, "ID", uuid.NewString())))
	r.RemoteAddr, r.Host = here, host
	for _, name := range []string{"X-Forwarded-Host", "X-Original-Host", "X-Host", "X-Forwarded-Server", "X-Original-Url", "X-Rewrite-Url"} {
		r.Header.Set(name, host)
	}
	r.Header.Set("Forwarded", "host="+host)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if token := a.tokens[role]; token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	w := httptest.NewRecorder()
	if strings.HasSuffix(path, "/stream") {
		a.n.bare.ServeHTTP(leaver{w, leave}, r)
	} else {
		a.n.bare.ServeHTTP(w, r)
	}
	return fmt.Sprint(w.Code, w.Header(), w.Body)
}

// TestForeignHostNeverComesBack: whatever a client writes into Host, and into what
// proxies say of it, no route answers with it, as whatever role: not in a link, a
// header, a description of tiles, nor, without a public address, in a code that is
// scanned or a card. That the routes which write the service's address are asked so
// that they write it is seen by a public address of that name.
func TestForeignHostNeverComesBack(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	objects, room, code := n.property()
	a := asker{n, objects, map[auth.Role]string{}}
	for role, as := range n.everybody(room, code) {
		a.tokens[role] = as.bearer
	}
	n.exec(`update staff_token set organisation = $1 where role = 'bailleur'`, objects["organisation"])
	// Those of the demonstration open nothing to what a proxy has passed on.
	n.exec(`alter table staff_token drop constraint staff_token_whole`)
	n.exec(`update staff_token set demo = false, expires_at = now() + interval '1 day'`)
	routes := routeNames(t)
	order := []string{http.MethodGet, http.MethodPut, http.MethodPost, http.MethodDelete}
	slices.SortStableFunc(routes, func(a, b string) int {
		return slices.Index(order, strings.Fields(a)[0]) - slices.Index(order, strings.Fields(b)[0])
	})
	const foreign, other, own = "intrus.example", "autres.example", "127.0.0.1:8080"
	each := func(do func(route string, role auth.Role, reads bool)) {
		for _, route := range routes {
			for role := range a.tokens {
				if role.May(route) {
					do(route, role, strings.HasPrefix(route, http.MethodGet))
				}
			}
		}
	}
	// Where the address of the service stands: for two of them the answers differ.
	type question struct {
		route string
		role  auth.Role
	}
	at := func(base string) (dumps map[question]string) {
		n.base = base
		n.start()
		dumps = map[question]string{}
		each(func(route string, role auth.Role, reads bool) {
			if reads {
				dumps[question{route, role}] = a.ask(route, role, own)
			}
		})
		return dumps
	}
	first, again, second := at("https://"+foreign), at("https://"+foreign), at("https://"+other)
	writes := map[string]bool{}
	for q, dump := range first {
		if dump == again[q] && dump != second[q] {
			writes[q.route] = true
		}
	}
	found := slices.Sorted(maps.Keys(writes))
	t.Logf("the service's address stands in %q", found)
	for _, route := range []string{"GET /api/v1/ateliers/{id}/cartes-tables.pdf", "GET /api/v1/ateliers/{id}/qr/{numero}.svg", "GET /tiles/hexagones.json"} {
		if !writes[route] {
			t.Errorf("%s does not depend on the public address", route)
		}
	}
	// Without a public address nothing depends on what the client says.
	n.base = ""
	n.start()
	asked := 0
	each(func(route string, role auth.Role, reads bool) {
		asked++
		dump := a.ask(route, role, foreign)
		if strings.Contains(dump, "intrus") {
			t.Errorf("%s as %s: %.300s", route, role, dump)
		}
		if !reads {
			return
		}
		// A clock makes answers differ too: then not the one of the first name once more.
		if otherwise := a.ask(route, role, other); dump != otherwise && otherwise == a.ask(route, role, other) && dump == a.ask(route, role, foreign) {
			t.Errorf("%s as %s depends on Host", route, role)
		}
	})
	t.Logf("%d routes and roles", asked)
}

// TestAddressWithoutAPublicOne: links then name the address of this machine by which the
// connection was made, or localhost when that is what it was called.
func TestAddressWithoutAPublicOne(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	n.base = ""
	n.start()
	s := httptest.NewServer(n.bare)
	defer s.Close()
	_, port, err := net.SplitHostPort(s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	for host, want := range map[string]string{
		"":                                      "http://127.0.0.1:" + port,
		"localhost:" + port:                     "http://localhost:" + port,
		"localhost:1":                           "http://localhost:" + port,
		"intrus.example":                        "http://127.0.0.1:" + port,
		"localhost.intrus.example:" + port:      "http://127.0.0.1:" + port,
		"127.0.0.1:" + port + ".intrus.example": "http://127.0.0.1:" + port,
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/tiles/voirie.json", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		if err != nil || answer.StatusCode == http.StatusOK && !strings.Contains(string(body), `"`+want+`/tiles/voirie/`) || answer.StatusCode != http.StatusOK && answer.StatusCode != http.StatusBadRequest {
			t.Errorf("Host %q: %d %s %v", host, answer.StatusCode, body, err)
		}
	}
}
