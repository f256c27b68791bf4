package api_test

import (
	"bufio"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"

	"quietude/server/auth"
)

// openStream opens the stream of a room with headers (name, value, …) and gives its
// lines; the channel closes when the server ends it.
func (n *node) openStream(base string, room uuid.UUID, headers ...string) <-chan string {
	n.t.Helper()
	r, err := http.NewRequestWithContext(n.t.Context(), http.MethodGet, base+"/api/v1/ateliers/"+room.String()+"/stream", nil)
	if err != nil {
		n.t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		n.t.Fatal(err)
	}
	n.t.Cleanup(func() { _ = w.Body.Close() })
	if w.StatusCode != http.StatusOK {
		n.t.Fatalf("stream: %d", w.StatusCode)
	}
	lines := make(chan string, 1024)
	go func() {
		defer close(lines)
		for s := bufio.NewScanner(w.Body); s.Scan(); {
			lines <- s.Text()
		}
	}()
	return lines
}

// until reads lines up to one that starts so; false when the stream ended before.
func until(lines <-chan string, prefix string) bool {
	for line := range lines {
		if strings.HasPrefix(line, prefix) {
			return true
		}
	}
	return false
}

func (n *node) openTable(room uuid.UUID, kind string) {
	n.t.Helper()
	w := n.post("/api/v1/ateliers/"+room.String()+"/ops", fmt.Sprintf(`{"ops":[{"id":%q,"kind":%q,"table":1}]}`, uuid.New(), kind))
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"seq"`) {
		n.t.Fatalf("%s: %d %s", kind, w.Code, w.Body)
	}
}

// TestStreamEndsWithItsSession: what happens in the room after a session has been
// revoked is not told to the stream that it opened; another animateur goes on.
func TestStreamEndsWithItsSession(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	room, _ := n.evening()
	server := httptest.NewServer(n.bare)
	t.Cleanup(server.Close)
	leaves, stays := n.session(n.compte(auth.Animateur)), n.session(n.compte(auth.Animateur))
	revoked := n.openStream(server.URL, room, "Cookie", leaves)
	other := n.openStream(server.URL, room, "Cookie", stays)
	n.openTable(room, "table_close")
	for name, lines := range map[string]<-chan string{"the one": revoked, "the other": other} {
		if !until(lines, "event: op") {
			t.Fatalf("%s is told nothing while its session is good", name)
		}
	}
	want(t, "signing out", n.with(http.MethodDelete, "/api/v1/session", leaves), http.StatusNoContent)
	n.openTable(room, "table_open")
	if until(revoked, "event: op") {
		t.Error("the stream of a revoked session tells what happens")
	}
	if !until(other, "event: op") {
		t.Error("the stream of a good session ended")
	}
}

// TestStreamEndsWithItsSeat erases a resident: its stream ends, and its token,
// which no list can take back, reads nothing of the room any more. The
// neighbour's stream goes on.
func TestStreamEndsWithItsSeat(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	room, code := n.evening()
	server := httptest.NewServer(n.bare)
	t.Cleanup(server.Close)
	sit := func() seat { return n.join(fmt.Sprintf(`{"code":"%s","secret":"%s"}`, code, uuid.New())) }
	gone, stays := sit(), sit()
	erased := n.openStream(server.URL, room, "Authorization", "Bearer "+gone.Token)
	other := n.openStream(server.URL, room, "Authorization", "Bearer "+stays.Token)
	for name, lines := range map[string]<-chan string{"erased": erased, "other": other} {
		if !until(lines, "event: snapshot") {
			t.Fatalf("%s gets no snapshot", name)
		}
	}
	ask := func(method, part, token string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, "/api/v1/ateliers/"+room.String()+part, nil)
		r.Header.Set("Authorization", "Bearer "+token)
		return n.do(r)
	}
	want(t, "erasing", ask(http.MethodDelete, "/contribution", gone.Token), http.StatusOK)
	if !until(other, "event: snapshot") {
		t.Error("the neighbour's stream ended")
	}
	n.openTable(room, "table_close")
	if until(erased, "event: op") {
		t.Error("the stream of an erased seat tells what happens")
	}
	if !until(other, "event: op") {
		t.Error("the neighbour is told nothing any more")
	}
	for _, part := range []string{"/snapshot", "/ops", "/markers", "/stream"} {
		n.problem(ask(http.MethodGet, part, gone.Token), http.StatusUnauthorized, "acces_inconnu")
	}
	want(t, "the neighbour", ask(http.MethodGet, "/snapshot", stays.Token), http.StatusOK)
}

// TestStreamsOfOneDevice: what a device calls itself is a UUID, or is refused before
// anything is read.
func TestStreamsOfOneDevice(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	room, _ := n.evening()
	r := httptest.NewRequest(http.MethodGet, "/api/v1/ateliers/"+room.String()+"/stream", nil)
	r.Header.Set("Appareil", "tablette de Camille")
	w := n.do(r)
	if n.problem(w, http.StatusBadRequest, "parametre_invalide"); strings.Contains(n.log.String(), "Camille") {
		t.Errorf("the log says what a device calls itself: %s", n.log)
	}
}

// TestStreamResumesAfterTheHeader: a number goes on from there, an empty header is no
// number, and anything else is refused.
func TestStreamResumesAfterTheHeader(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	room, code := n.evening()
	server := httptest.NewServer(n.bare)
	t.Cleanup(server.Close)
	token := "Bearer " + n.join(fmt.Sprintf(`{"code":"%s","secret":"%s"}`, code, uuid.New())).Token
	n.openTable(room, "table_close")
	for last, want := range map[string]string{"0": "event: op", "": "event: snapshot", "900": "event: snapshot"} {
		lines := n.openStream(server.URL, room, "Authorization", token, "Last-Event-ID", last)
		first := ""
		for !strings.HasPrefix(first, "event: ") {
			var open bool
			if first, open = <-lines; !open {
				t.Fatalf("after %q nothing", last)
			}
		}
		if first != want {
			t.Errorf("after %q first %q, want %q", last, first, want)
		}
	}
	for _, last := range []string{"-1", "one", "1.5", "9999999999999999999"} {
		r := httptest.NewRequest(http.MethodGet, "/api/v1/ateliers/"+room.String()+"/stream", nil)
		r.Header.Set("Authorization", token)
		r.Header.Set("Last-Event-ID", last)
		n.problem(n.do(r), http.StatusBadRequest, "parametre_invalide")
	}
}
