package server_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"quietude/server"
	"quietude/server/api"
	"quietude/server/auth"
	"quietude/server/hexmap"
	"quietude/server/live"
	"quietude/server/pgtest"
	"quietude/server/store"
)

// pages stand for the built front end.
var pages = fstest.MapFS{
	"index.html":           {Data: []byte(`<html><meta name="quietude-basemap" content=""><p>accueil</p></html>`)},
	"erreur.html":          {Data: []byte(`<error-page status="" name="" detail=""></error-page><noscript><!--message--></noscript>`)},
	"carte.html":           {Data: []byte(`<p>carte</p>`)},
	"atelier.html":         {Data: []byte(`<resident-page></resident-page>`)},
	"sw.js":                {Data: []byte(`self`)},
	"manifest.webmanifest": {Data: []byte(`{}`)},
	".gitkeep":             {Data: []byte(``)},
	"assets/main-1a2b.js":  {Data: []byte(strings.Repeat("let a = 1;\n", 500))},
}

// site is a server with the token of an animateur.
type site struct {
	http.Handler
	token string
	api   *api.API
}

func newHandler(t testing.TB, web fs.FS, basemap string) (site, *bytes.Buffer) {
	t.Helper()
	return newSite(t, web, basemap, auth.Animateur)
}

func newSite(t testing.TB, web fs.FS, basemap string, role auth.Role) (site, *bytes.Buffer) {
	t.Helper()
	pool := pgtest.Pool(t)
	pgtest.Territoire(t, pool)
	s := store.New(pool)
	log := &bytes.Buffer{}
	logger := slog.New(slog.NewTextHandler(log, nil))
	places := hexmap.NewPlaces(s)
	maps := hexmap.NewMaps(s, places)
	a, err := api.New(api.Config{Store: s, Places: places, Maps: maps, Live: live.NewHub(s, places, logger, maps.Touch),
		Auth: auth.New(s, auth.Options{}), Logger: logger, Now: time.Now,
		Migrated: func(context.Context) (bool, error) { return true, nil }})
	if err != nil {
		t.Fatal(err)
	}
	h, err := server.New(server.Config{API: a, Web: web, Logger: logger, BasemapURL: basemap, BaseURL: "https://quietude.example.fr",
		SecurityContact: "mailto:securite@exemple.fr"})
	if err != nil {
		t.Fatal(err)
	}
	return site{h, pgtest.Token(t, pool, string(role)), a}, log
}

// get asks from the machine itself.
func get(h http.Handler, path string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.RemoteAddr = "127.0.0.1:4000"
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestPages(t *testing.T) {
	t.Parallel()
	h, _ := newHandler(t, pages, "https://data.example.fr/wmts?z={z}&x={x}&y={y}\"><script>")
	for path, want := range map[string]struct {
		status       int
		text, cached string
	}{
		"/":                     {200, "accueil", "no-cache"},
		"/a/ABCD2345":           {404, `<resident-page status="404" problem="code_inconnu"`, "no-store"},
		"/a/hors-ligne":         {200, "<resident-page>", "no-store"},
		"/carte":                {200, "carte", "no-store"},
		"/animation":            {503, "construite", "no-store"},
		"/connexion":            {503, "construite", "no-store"},
		"/sw.js":                {200, "self", "no-cache"},
		"/manifest.webmanifest": {200, "{}", "no-cache"},
		"/assets/main-1a2b.js":  {200, "let a", "public, max-age=31536000, immutable"},
		"/assets/":              {404, "adresse_inconnue", "no-store"},
		"/assets/../index.html": {404, "adresse_inconnue", "no-store"},
		"/assets/%2e%2e/sw.js":  {404, "adresse_inconnue", "no-store"},
		"/index.html":           {404, "adresse_inconnue", "no-store"},
		"/.gitkeep":             {404, "adresse_inconnue", "no-store"},
		"/nulle-part":           {404, "adresse_inconnue", "no-store"},
	} {
		w := get(h, path, "Authorization", "Bearer "+h.token)
		if w.Code != want.status || !strings.Contains(w.Body.String(), want.text) || w.Header().Get("Cache-Control") != want.cached {
			t.Errorf("%s: %d %q %s", path, w.Code, w.Header().Get("Cache-Control"), w.Body)
		}
	}
	const browser = "text/html,application/xhtml+xml,*/*;q=0.8"
	if w := get(h, "/nulle-part", "Accept", browser); w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "n’existe pas") ||
		!strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
		t.Errorf("a person who is lost: %d %s", w.Code, w.Body)
	}
	// A link to a file that is refused is a page too; a call of a page is not.
	for path, status := range map[string]int{"/api/v1/nulle-part": 404, "/api/v1/journal.csv": 403, "/tiles/nulle-part/1/0/0.mvt": 404} {
		w := get(h, path, "Accept", browser, "Authorization", "Bearer "+h.token, "Sec-Fetch-Mode", "navigate")
		if w.Code != status || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s opened: %d %v", path, w.Code, w.Header())
		}
		for _, headers := range [][]string{{"Accept", browser, "Sec-Fetch-Mode", "cors"}, {"Accept", "*/*"}, {}} {
			if w := get(h, path, append(headers, "Authorization", "Bearer "+h.token)...); w.Code != status || w.Header().Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s called with %v: %d %v", path, headers, w.Code, w.Header())
			}
		}
	}
	index := get(h, "/")
	if body := index.Body.String(); !strings.Contains(body, `content="https://data.example.fr/wmts?z={z}&amp;x={x}&amp;y={y}&#34;&gt;&lt;script&gt;"`) {
		t.Errorf("basemap in the page: %s", body)
	}
	if w := get(h, "/", "If-None-Match", index.Header().Get("ETag")); w.Code != http.StatusNotModified || w.Body.Len() > 0 {
		t.Errorf("known page: %d, %d bytes", w.Code, w.Body.Len())
	}
	for _, path := range []string{"/a/ABCD2345", "/a/hors-ligne"} {
		if get(h, path).Header().Get("X-Robots-Tag") != "noindex, nofollow" {
			t.Errorf("%s may be indexed", path)
		}
	}
}

// TestTablePage: the page of a table says with its status whether its code opens
// one. A wrong code is one try, however it is asked; whoever has none left is told so
// by the page too, and no code gets past it.
func TestTablePage(t *testing.T) {
	t.Parallel()
	h, log := newHandler(t, pages, "")
	post := func(path, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
		r.RemoteAddr = "127.0.0.1:4000"
		r.Header.Set("Authorization", "Bearer "+h.token)
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	answer := post("/api/v1/ateliers", fmt.Sprintf(`{"id":"00000000-0000-4000-8000-000000000001","quartier":"CE","titre":"Essai","starts_at":"%s","tables":1}`,
		time.Now().UTC().Format(time.RFC3339)))
	var a struct {
		ID     string
		Tables []struct{ Code string }
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &a); err != nil || len(a.Tables) != 1 {
		t.Fatalf("an atelier: %d %s", answer.Code, answer.Body)
	}
	code := a.Tables[0].Code
	ask := func(from, method, path string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, path, nil)
		r.RemoteAddr = from + ":4000"
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	for _, typed := range []string{code, strings.ToLower(code), code[:4] + "-" + code[4:]} {
		if w := ask("203.0.113.1", http.MethodGet, "/a/"+typed); w.Code != http.StatusOK || w.Body.String() != "<resident-page></resident-page>" {
			t.Errorf("a right code: %d %s", w.Code, w.Body)
		}
	}
	// Thirty tries by all the ways together, and what asks for no code costs none.
	for i := range 30 {
		method, path := http.MethodGet, "/a/ZZZZ2222"
		switch i % 3 {
		case 1:
			method, path = http.MethodHead, "/a/%3Cscript%3E"
		case 2:
			path = "/api/v1/tables/ZZZZ2222"
		}
		if w := ask("203.0.113.2", method, path); w.Code != http.StatusNotFound {
			t.Fatalf("try %d: %d %s", i, w.Code, w.Body)
		}
		ask("203.0.113.2", http.MethodGet, "/a/hors-ligne")
		ask("203.0.113.2", http.MethodGet, "/a/"+code)
	}
	for _, path := range []string{"/a/ZZZZ2222", "/a/" + code, "/api/v1/tables/" + code} {
		w := ask("203.0.113.2", http.MethodGet, path)
		if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != "60" || !strings.Contains(w.Body.String(), "trop_de_codes") {
			t.Errorf("%s after thirty wrong codes: %d %v %s", path, w.Code, w.Header(), w.Body)
		}
	}
	if w := ask("203.0.113.2", http.MethodGet, "/a/hors-ligne"); w.Code != http.StatusOK {
		t.Errorf("the shell after thirty wrong codes: %d", w.Code)
	}
	if w := ask("203.0.113.3", http.MethodGet, "/a/"+code); w.Code != http.StatusOK {
		t.Errorf("from elsewhere: %d", w.Code)
	}
	if w := post("/api/v1/ateliers/"+a.ID+"/ops", `{"ops":[{"id":"00000000-0000-4000-8000-000000000002","kind":"freeze"}]}`); !strings.Contains(w.Body.String(), `"seq"`) {
		t.Fatalf("freeze: %s", w.Body)
	}
	if w := ask("203.0.113.3", http.MethodGet, "/a/"+code); w.Code != http.StatusGone || w.Header().Get("Cache-Control") != "no-store" ||
		!strings.Contains(w.Body.String(), `<resident-page status="410" problem="code_expire" detail="Cet atelier est terminé`) {
		t.Errorf("after the evening: %d %v %s", w.Code, w.Header(), w.Body)
	}
	for _, secret := range []string{code, strings.ToLower(code), "ZZZZ2222", "203.0.113"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log says %q:\n%s", secret, log)
		}
	}
}

// TestStaffPages: whoever has not signed in is sent to the page where one does,
// and comes back; the wrong role is told so.
func TestStaffPages(t *testing.T) {
	t.Parallel()
	h, _ := newHandler(t, pages, "")
	w := get(h, "/animation/12?x=1&y=%2F")
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/connexion?retour=%2Fanimation%2F12%3Fx%3D1%26y%3D%252F" || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("nobody: %d %v", w.Code, w.Header())
	}
	police, _ := newSite(t, pages, "", auth.Police)
	if w := get(police, "/animation", "Authorization", "Bearer "+police.token); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "autre rôle") {
		t.Errorf("the wrong role: %d %s", w.Code, w.Body)
	}
	if w := get(police, "/carte", "Authorization", "Bearer "+police.token); w.Code != http.StatusOK {
		t.Errorf("the right role: %d", w.Code)
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	h, _ := newHandler(t, pages, "https://data.example.fr/{z}/{x}/{y}.png")
	for _, path := range []string{"/", "/connexion", "/api/v1/territoires", "/nulle-part", "/tiles/quartiers.json"} {
		header := get(h, path).Header()
		csp := header.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "script-src 'self';", "frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'",
			"require-trusted-types-for 'script'; trusted-types default lit-html",
			"img-src 'self' data: blob: https://data.example.fr;"} {
			if !strings.Contains(csp, want) {
				t.Errorf("%s: policy %q lacks %q", path, csp, want)
			}
		}
		if strings.Contains(csp, "unsafe") || header.Get("Referrer-Policy") != "no-referrer" || header.Get("X-Content-Type-Options") != "nosniff" ||
			header.Get("Strict-Transport-Security") == "" || header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: %v", path, header)
		}
	}
	tile := get(h, "/tiles/hexagones/14/8461/5857.mvt", "Authorization", "Bearer "+h.token).Header()
	if tile.Get("X-Content-Type-Options") != "nosniff" || tile.Get("Strict-Transport-Security") == "" || tile.Get("Vary") != "Accept-Encoding" ||
		tile.Get("Content-Security-Policy") != "" {
		t.Errorf("a tile: %v", tile)
	}
	for _, bad := range []string{"ftp://x/{z}", "data.example.fr/{z}", "https://a b/{z}", "https://x;script-src *"} {
		if _, err := server.New(server.Config{BasemapURL: bad}); err == nil {
			t.Errorf("basemap %q is accepted", bad)
		}
	}
}

// TestNothingIsHiddenInABody: what a proxy may take for the end of a body is not answered
// as a request of its own, which would come from this machine.
func TestNothingIsHiddenInABody(t *testing.T) {
	t.Parallel()
	h, _ := newHandler(t, pages, "")
	s := httptest.NewServer(h)
	defer s.Close()
	const hidden = "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
	for name, test := range map[string]struct {
		headers, body string
		heard         bool
	}{
		"a length and chunks": {fmt.Sprintf("Content-Length: %d\r\nTransfer-Encoding: chunked\r\n", len("0\r\n\r\n"+hidden)), "0\r\n\r\n", false},
		"chunks and a length": {"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "0\r\n\r\n", false},
		"two lengths":         {"Content-Length: 2\r\nContent-Length: 90\r\n", "{}", false},
		"unknown chunks":      {"Transfer-Encoding: xchunked\r\n", "0\r\n\r\n", false},
		"one after the other": {"Content-Length: 2\r\n", "{}", true}, // what follows is heard where nothing is hidden
	} {
		conn, err := net.Dial("tcp", s.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(conn, "POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"+test.headers+"\r\n"+test.body+hidden+
			"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		said, err := io.ReadAll(conn)
		_ = conn.Close()
		if err != nil && !errors.Is(err, syscall.ECONNRESET) {
			t.Fatalf("%s: %v", name, err)
		}
		if heard := strings.Contains(string(said), "go_goroutines"); heard != test.heard {
			t.Errorf("%s: the hidden request is answered: %v", name, heard)
		}
	}
}

// TestSecurityText: whoever finds a weakness is told where to say so, and for
// how long that holds; without a contact there is no such file.
func TestSecurityText(t *testing.T) {
	t.Parallel()
	h, _ := newHandler(t, pages, "")
	w := get(h, "/.well-known/security.txt")
	var expires time.Time
	for line := range strings.Lines(w.Body.String()) {
		if value, found := strings.CutPrefix(line, "Expires: "); found {
			var err error
			if expires, err = time.Parse(time.RFC3339, strings.TrimSpace(value)); err != nil {
				t.Error(err)
			}
		}
	}
	if left := time.Until(expires); left < 24*time.Hour || left > 365*24*time.Hour {
		t.Errorf("expires %v", expires)
	}
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "text/plain; charset=utf-8" ||
		!strings.HasPrefix(w.Body.String(), "Contact: mailto:securite@exemple.fr\n") {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	if bare, err := server.New(server.Config{API: h.api, Logger: slog.New(slog.DiscardHandler)}); err != nil {
		t.Error(err)
	} else if w := get(bare, "/.well-known/security.txt"); w.Code != http.StatusNotFound {
		t.Errorf("without a contact: %d", w.Code)
	}
}

func TestCompression(t *testing.T) {
	t.Parallel()
	h, _ := newHandler(t, pages, "")
	plain, small := get(h, "/api/v1/quartiers"), get(h, "/api/v1/quartiers", "Accept-Encoding", "gzip")
	if small.Header().Get("Content-Encoding") != "gzip" || small.Body.Len()*2 > plain.Body.Len() {
		t.Fatalf("%q, %d bytes of %d", small.Header().Get("Content-Encoding"), small.Body.Len(), plain.Body.Len())
	}
	unpacked, err := gzip.NewReader(small.Body)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(unpacked); err != nil || !bytes.Equal(text, plain.Body.Bytes()) {
		t.Errorf("compressed answer differs: %v", err)
	}
	// The two answers differ byte for byte, and so do their tags; both are known.
	one, two := plain.Header().Get("ETag"), small.Header().Get("ETag")
	if one == two || one == "" || two == "" {
		t.Errorf("tags %s and %s", one, two)
	}
	for _, tag := range []string{one, two, "W/" + one, `"x", ` + two, "*"} {
		if w := get(h, "/api/v1/quartiers", "If-None-Match", tag, "Accept-Encoding", "gzip"); w.Code != http.StatusNotModified {
			t.Errorf("If-None-Match %s: %d", tag, w.Code)
		}
	}
	if w := get(h, "/api/v1/quartiers", "If-None-Match", `"x"`); w.Code != http.StatusOK {
		t.Errorf("another tag: %d", w.Code)
	}
	if zstd := get(h, "/api/v1/quartiers", "Accept-Encoding", "zstd"); zstd.Header().Get("Content-Encoding") != "zstd" {
		t.Errorf("zstd: %q", zstd.Header().Get("Content-Encoding"))
	}
}

// TestLogSaysNothingOfTheRequest sends what must not be written down.
func TestLogSaysNothingOfTheRequest(t *testing.T) {
	t.Parallel()
	h, log := newHandler(t, pages, "")
	for _, path := range []string{"/a/SECRETCD", "/api/v1/tables/SECRETCD", "/api/v1/signalements?bbox=5.91,45.56,5.92,45.57",
		"/api/v1/voies?q=secret", "/secret\nline", "/api/v1/ateliers?quartier=secret"} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.URL.Path, r.URL.RawQuery, _ = strings.Cut(path, "?")
		r.RemoteAddr = "203.0.113.9:1234"
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
	r := httptest.NewRequest("SECRET", "/", strings.NewReader("secret"))
	h.ServeHTTP(httptest.NewRecorder(), r)
	text := strings.ToLower(log.String())
	for _, word := range []string{"secret", "45.5", "203.0.113"} {
		if strings.Contains(text, word) {
			t.Errorf("the log says %q:\n%s", word, log)
		}
	}
	if !strings.Contains(text, "route=/api/v1/tables/:code") || strings.Count(text, "\n") != 7 {
		t.Errorf("the log:\n%s", log)
	}
}

func TestMetricsAreLocal(t *testing.T) {
	t.Parallel()
	h, _ := newHandler(t, pages, "")
	get(h, "/api/v1/territoires")
	ask := func(from string, headers ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
		r.RemoteAddr, r.Host = from, "127.0.0.1:8080"
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	if w := ask("127.0.0.1:5000"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `quietude_http_request_seconds_count{method="GET",route="/api/v1/territoires",status="200"} 1`) {
		t.Errorf("from the machine: %d %s", w.Code, w.Body)
	}
	if w := ask("[::1]:5000"); w.Code != http.StatusOK {
		t.Errorf("from the machine by IPv6: %d", w.Code)
	}
	if w := ask("203.0.113.9:5000"); w.Code != http.StatusNotFound {
		t.Errorf("from afar: %d", w.Code)
	}
	rebound := httptest.NewRequest(http.MethodGet, "http://ailleurs.exemple.fr/metrics", nil)
	rebound.RemoteAddr = "127.0.0.1:5000"
	answer := httptest.NewRecorder()
	if h.ServeHTTP(answer, rebound); answer.Code != http.StatusNotFound {
		t.Errorf("by another name: %d", answer.Code)
	}
	if w := ask("127.0.0.1:5000", "X-Forwarded-For", "203.0.113.9"); w.Code != http.StatusNotFound {
		t.Errorf("through a proxy: %d", w.Code)
	}
}

// TestForeignWritesAreRefused sends what a page of another site would.
func TestForeignWritesAreRefused(t *testing.T) {
	t.Parallel()
	h, _ := newHandler(t, pages, "")
	for _, c := range []struct {
		site, origin string
		want         int
	}{
		{"cross-site", "https://evil.example", http.StatusForbidden},
		{"same-site", "https://other.example.com", http.StatusForbidden},
		{"", "https://evil.example", http.StatusForbidden},
		{"same-origin", "http://example.com", http.StatusUnsupportedMediaType},
		{"", "https://quietude.example.fr", http.StatusUnsupportedMediaType}, // behind a proxy that changes Host
		{"", "", http.StatusUnsupportedMediaType},
	} {
		r := httptest.NewRequest(http.MethodPost, "/api/v1/signalements", nil)
		if c.site != "" {
			r.Header.Set("Sec-Fetch-Site", c.site)
		}
		if c.origin != "" {
			r.Header.Set("Origin", c.origin)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != c.want {
			t.Errorf("%+v: %d", c, w.Code)
		}
	}
}

// TestStreamsArriveAtOnce reads the first event of a stream over a real
// connection that accepts compression.
func TestStreamsArriveAtOnce(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	pgtest.Territoire(t, pool)
	room := pgtest.Atelier(t, pool)
	s := store.New(pool)
	logger := slog.New(slog.DiscardHandler)
	places := hexmap.NewPlaces(s)
	maps := hexmap.NewMaps(s, places)
	hub := live.NewHub(s, places, logger, maps.Touch)
	a, err := api.New(api.Config{Store: s, Places: places, Maps: maps, Live: hub, Auth: auth.New(s, auth.Options{}), Logger: logger, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	h, err := server.New(server.Config{API: a, Logger: logger})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(h)
	defer web.Close()
	defer hub.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, web.URL+"/api/v1/ateliers/"+room.ID.String()+"/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "gzip, zstd")
	r.Header.Set("Authorization", "Bearer "+pgtest.Token(t, pool, string(auth.Animateur)))
	w, err := web.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Body.Close()
	first := make([]byte, 5)
	if _, err := io.ReadFull(w.Body, first); err != nil || w.Header.Get("Content-Encoding") != "" ||
		!strings.HasPrefix(w.Header.Get("Content-Type"), "text/event-stream") {
		t.Errorf("%v, %v, %q", err, w.Header, first)
	}
}

// TestSpoofedAddressesShareACount tries wrong codes under a new claimed address
// each time: without a trusted proxy the header changes nothing.
func TestSpoofedAddressesShareACount(t *testing.T) {
	t.Parallel()
	h, _ := newHandler(t, pages, "")
	last := 0
	for i := range 40 {
		r := httptest.NewRequest(http.MethodGet, "/api/v1/tables/ZZZZZZZZ", nil)
		r.RemoteAddr = "203.0.113.7:4000"
		r.Header.Set("X-Forwarded-For", fmt.Sprintf("198.51.100.%d", i))
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if last = w.Code; last == http.StatusTooManyRequests {
			if w.Header().Get("Retry-After") == "" {
				t.Error("429 without Retry-After")
			}
			return
		}
		if last != http.StatusNotFound {
			t.Fatalf("wrong code %d answers %d", i, last)
		}
	}
	t.Errorf("forty wrong codes and still %d", last)
}
