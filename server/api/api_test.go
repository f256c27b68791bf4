package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/gin-gonic/gin"
	"github.com/jackc/pgx/v5/pgxpool"

	"quietude/server"
	"quietude/server/api"
	"quietude/server/atelier"
	"quietude/server/auth"
	"quietude/server/hexmap"
	"quietude/server/jobs"
	"quietude/server/live"
	"quietude/server/pgtest"
	"quietude/server/publication"
	"quietude/server/store"
)

// now is the clock of the servers under test.
var now = time.Date(2026, 3, 20, 10, 0, 0, 0, time.UTC)

// node is a server on a database of its own, with Chambéry loaded. Requests that
// do not say who they are come from its role, the animateur at first; by gives
// the same server for another one.
type node struct {
	t         testing.TB
	pool      *pgxpool.Pool
	public    *pgxpool.Pool
	city      atelier.Territoire
	store     *store.Store
	maps      *hexmap.Maps
	hub       *live.Hub
	publisher *publication.Publisher
	api       *api.API
	handler   http.Handler
	contract  *openapi3.T
	log       *bytes.Buffer
	bare      http.Handler // without anybody's token
	bearer    string       // token of the role; "" for the public
	secure    bool         // reached by https
	base      string       // public address
	web       fs.FS        // pages; nil for none
	imposed   bool         // accounts must have a second factor
	external  *auth.Provider
	confirm   api.Confirm
}

func newNode(t testing.TB, options ...pgtest.Option) *node {
	t.Helper()
	pool := pgtest.Pool(t, options...)
	n := &node{t: t, pool: pool, public: pgtest.Public(t, pool), city: pgtest.Territoire(t, pool), log: &bytes.Buffer{}, base: "https://quietude.example.fr"}
	n.bearer = pgtest.Token(t, pool, string(auth.Animateur))
	n.start()
	return n
}

// by is the same server, asked by another role of Chambéry, or of the
// territoire that is named.
func (n *node) by(role auth.Role, territoire ...string) *node {
	n.t.Helper()
	other := *n
	other.bearer = ""
	if role != auth.Public {
		other.bearer = pgtest.Token(n.t, n.pool, string(role), territoire...)
	}
	other.handler = other.signed()
	return &other
}

// chooses are the paths of readings whose reason the person chooses.
var chooses = regexp.MustCompile(`^/api/v1/(signalements|textes|statistiques/lieux/[^/]+/signalements)$`)

// signed adds the token to requests that do not say who they are. Those of a
// test come from the machine itself.
func (n *node) signed() http.Handler {
	inner, token := n.bare, n.bearer
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if token != "" && r.Header.Get("Authorization") == "" && r.Header.Get("Cookie") == "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		// Who does not say why reads for the diagnosis, where the person would choose.
		if _, said := r.Header["Finalite"]; !said && r.Method == http.MethodGet && chooses.MatchString(r.URL.Path) {
			r.Header.Set("Finalite", "diagnostic")
		}
		if r.RemoteAddr == "192.0.2.1:1234" { // what httptest makes up
			r.RemoteAddr = "127.0.0.1:1234"
		}
		inner.ServeHTTP(w, r)
	})
}

// start makes a server over the database, as a restart would.
func (n *node) start() {
	n.t.Helper()
	logger := slog.New(slog.NewTextHandler(n.log, nil))
	n.store = store.New(n.pool)
	places := hexmap.NewPlaces(n.store)
	n.maps = hexmap.NewMaps(n.store, places)
	n.hub = live.NewHub(n.store, places, logger, n.maps.Touch)
	var err error
	if n.publisher, err = publication.New(n.store, places, publication.Options{Now: func() time.Time { return now }}); err != nil {
		n.t.Fatal(err)
	}
	queue, err := jobs.Open(n.pool, nil, logger)
	if err != nil {
		n.t.Fatal(err)
	}
	n.api, err = api.New(api.Config{Store: n.store, Places: places, Maps: n.maps, Live: n.hub,
		Public: store.NewPublic(n.public), Publisher: n.publisher, Jobs: queue,
		Auth: auth.New(n.store, auth.Options{Secure: n.secure, Secret: []byte("trente-deux octets pour les essais"), SecondFactor: n.imposed}), Logger: logger, External: n.external, Confirm: n.confirm, BaseURL: n.base, Version: "test",
		Migrated: func(context.Context) (bool, error) { return true, nil }, Now: func() time.Time { return now }})
	if err != nil {
		n.t.Fatal(err)
	}
	if n.bare, err = server.New(server.Config{API: n.api, Logger: logger, Web: n.web, SecurityContact: "mailto:securite@exemple.fr"}); err != nil {
		n.t.Fatal(err)
	}
	n.handler = n.signed()
	n.contract = loadContract(n.t)
}

// readContract reads openapi.yaml, which tests read and none changes, once.
var readContract = sync.OnceValues(func() (*openapi3.T, error) { return openapi3.NewLoader().LoadFromFile("openapi.yaml") })

func loadContract(t testing.TB) *openapi3.T {
	t.Helper()
	document, err := readContract()
	if err != nil {
		t.Fatal(err)
	}
	return document
}

// do sends a request and holds the answer against the contract.
func (n *node) do(r *http.Request) *httptest.ResponseRecorder {
	n.t.Helper()
	w := httptest.NewRecorder()
	n.handler.ServeHTTP(w, r)
	n.checkAnswer(r, w)
	return w
}

func (n *node) get(path string) *httptest.ResponseRecorder {
	n.t.Helper()
	return n.do(httptest.NewRequest(http.MethodGet, path, nil))
}

func (n *node) post(path, body string) *httptest.ResponseRecorder {
	n.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return n.do(r)
}

// into reads the JSON of an answer that must have a status.
func (n *node) into(w *httptest.ResponseRecorder, status int, v any) {
	n.t.Helper()
	if w.Code != status {
		n.t.Fatalf("status %d, want %d: %s", w.Code, status, w.Body)
	}
	if err := json.Unmarshal(w.Body.Bytes(), v); err != nil {
		n.t.Fatalf("%v: %s", err, w.Body)
	}
}

// checkAnswer validates an answer whose path is in the contract, and any
// problem.
func (n *node) checkAnswer(r *http.Request, w *httptest.ResponseRecorder) {
	n.t.Helper()
	if strings.HasPrefix(w.Header().Get("Content-Type"), "application/problem+json") {
		n.checkProblem(w)
	}
	route, names := n.find(r)
	if route == nil || r.Method == http.MethodHead || w.Code == http.StatusNotModified || w.Code == http.StatusMethodNotAllowed {
		return
	}
	input := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, PathParams: names, Route: route},
		Status:                 w.Code, Header: w.Header(), Body: io.NopCloser(bytes.NewReader(w.Body.Bytes())),
		Options: &openapi3filter.Options{IncludeResponseStatus: true, ExcludeResponseBody: !isJSON(w)},
	}
	if err := openapi3filter.ValidateResponse(context.Background(), input); err != nil {
		n.t.Errorf("%s %s: the answer breaks the contract: %v", r.Method, r.URL.Path, err)
	}
}

func isJSON(w *httptest.ResponseRecorder) bool {
	media, _, _ := strings.Cut(w.Header().Get("Content-Type"), ";")
	return strings.HasSuffix(media, "json")
}

func (n *node) checkProblem(w *httptest.ResponseRecorder) {
	n.t.Helper()
	var p map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		n.t.Errorf("problem is not JSON: %s", w.Body)
		return
	}
	schema := n.contract.Components.Schemas["Problem"].Value
	if err := schema.VisitJSON(p); err != nil {
		n.t.Errorf("problem breaks the contract: %v: %s", err, w.Body)
	}
	if p["status"] != float64(w.Code) {
		n.t.Errorf("problem says %v under status %d", p["status"], w.Code)
	}
}

// find matches a path with the contract, literal parts before names.
func (n *node) find(r *http.Request) (*routers.Route, map[string]string) {
	var best *routers.Route
	var bestNames map[string]string
	for path, item := range n.contract.Paths.Map() {
		names, ok := match(path, r.URL.Path)
		if ok && item.GetOperation(r.Method) != nil && (best == nil || len(names) < len(bestNames)) {
			best = &routers.Route{Spec: n.contract, Path: path, PathItem: item, Method: r.Method, Operation: item.GetOperation(r.Method)}
			bestNames = names
		}
	}
	return best, bestNames
}

func match(pattern, path string) (names map[string]string, ok bool) {
	names = map[string]string{}
	want, got := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return nil, false
	}
	for i, part := range want {
		if name, suffix, found := strings.Cut(strings.TrimPrefix(part, "{"), "}"); found {
			value, ok := strings.CutSuffix(got[i], suffix)
			if !ok {
				return nil, false
			}
			names[name] = value
		} else if part != got[i] {
			return nil, false
		}
	}
	return names, true
}

// TestRoutesAreTheContract compares the routes with openapi.yaml, both ways.
func TestRoutesAreTheContract(t *testing.T) {
	t.Parallel()
	document := loadContract(t)
	if err := document.Validate(context.Background()); err != nil {
		t.Errorf("openapi.yaml: %v", err)
	}
	written := map[string]bool{}
	for path, item := range document.Paths.Map() {
		for method := range item.Operations() {
			written[method+" "+path] = true
		}
	}
	var a api.API
	for _, r := range a.Routes() {
		name := r.Method + " " + r.Path
		if !written[name] {
			t.Errorf("%s is served but not in openapi.yaml", name)
		}
		delete(written, name)
	}
	for name := range written {
		t.Errorf("%s is in openapi.yaml but not served", name)
	}
}

// TestRouterHasOnlyTheContract looks at the routes as gin has them, so that
// none is added beside the list.
func TestRouterHasOnlyTheContract(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	engine := gin.New()
	if err := n.api.Register(engine); err != nil {
		t.Fatal(err)
	}
	operations := 0
	for _, item := range n.contract.Paths.Map() {
		operations += len(item.Operations())
	}
	for _, r := range engine.Routes() {
		if r.Method == http.MethodHead || r.Path == "/api/openapi.yaml" {
			continue
		}
		operations--
		found := false
		for path := range n.contract.Paths.Map() {
			found = found || ginLike(path) == r.Path
		}
		if !found {
			t.Errorf("%s %s is not in openapi.yaml", r.Method, r.Path)
		}
	}
	if operations != 0 {
		t.Errorf("the router has %d operations fewer than openapi.yaml", operations)
	}
}

// ginLike is a path of the contract as gin writes it.
func ginLike(path string) string {
	return regexp.MustCompile(`\{(\w+)\}[^/]*`).ReplaceAllString(path, ":$1")
}

func TestContractIsServed(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	want, err := os.ReadFile("openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if w := n.get("/api/openapi.yaml"); w.Code != http.StatusOK || !bytes.Equal(w.Body.Bytes(), want) {
		t.Errorf("status %d, %d bytes; want %d bytes", w.Code, w.Body.Len(), len(want))
	}
}
