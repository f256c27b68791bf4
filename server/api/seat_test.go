package api_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

// seat is what joining answers.
type seat struct {
	Token       string
	Participant uuid.UUID
	Rang        int
}

// evening prepares an atelier and gives its id and its first table's code.
func (n *node) evening() (id uuid.UUID, code string) {
	n.t.Helper()
	var a struct {
		ID     uuid.UUID
		Tables []struct{ Code string }
	}
	n.into(n.post("/api/v1/ateliers", fmt.Sprintf(
		`{"id":"%s","quartier":"CE","titre":"Essai","starts_at":"%s","tables":2}`, uuid.New(), now.Format(time.RFC3339))), http.StatusCreated, &a)
	return a.ID, a.Tables[0].Code
}

func (n *node) join(body string) (s seat) {
	n.t.Helper()
	n.into(n.post("/api/v1/join", body), http.StatusOK, &s)
	return s
}

// TestSecondDeviceIsTheSamePerson links a device, loses the answer, and comes
// back without the code.
func TestSecondDeviceIsTheSamePerson(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	id, code := n.evening()
	first, second := uuid.New(), uuid.New()
	one := n.join(fmt.Sprintf(`{"code":"%s","secret":"%s"}`, code, first))
	r := httptest.NewRequest(http.MethodPost, "/api/v1/ateliers/"+id.String()+"/link", nil)
	r.Header.Set("Authorization", "Bearer "+one.Token)
	var link struct{ Link string }
	n.into(n.do(r), http.StatusCreated, &link)
	linked := fmt.Sprintf(`{"code":"%s","secret":"%s","link":"%s"}`, code, second, strings.ToLower(link.Link))
	for _, body := range []string{linked, linked, fmt.Sprintf(`{"code":"%s","secret":"%s"}`, code, second)} {
		if s := n.join(body); s.Participant != one.Participant || s.Rang != one.Rang || s.Token != one.Token {
			t.Errorf("the second device is %v, want %v", s, one)
		}
	}
	stolen := n.post("/api/v1/join", fmt.Sprintf(`{"code":"%s","secret":"%s","link":"%s"}`, code, uuid.New(), link.Link))
	if stolen.Code != http.StatusNotFound {
		t.Errorf("a spent code serves a third device: %d", stolen.Code)
	}
	if s := n.join(fmt.Sprintf(`{"code":"%s","secret":"%s"}`, code, uuid.New())); s.Participant == one.Participant || s.Rang != 2 {
		t.Errorf("another secret is %v, want a second resident", s)
	}
}

// TestResidentsSeeTheirOwnEvening asks for figures with a resident's token.
func TestResidentsSeeTheirOwnEvening(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	id, code := n.evening()
	other, _ := n.evening()
	s := n.join(fmt.Sprintf(`{"code":"%s","secret":"%s"}`, code, uuid.New()))
	ask := func(path string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("Authorization", "Bearer "+s.Token)
		return n.do(r)
	}
	own := ask("/api/v1/ateliers/" + id.String())
	if own.Code != http.StatusOK || strings.Contains(own.Body.String(), code) || strings.Contains(own.Body.String(), "participants") {
		t.Errorf("the own atelier: %d %s", own.Code, own.Body)
	}
	unknown := ask("/api/v1/ateliers/" + uuid.NewString())
	for _, path := range []string{"", "/snapshot", "/ops", "/markers", "/stream", "/late"} {
		w := ask("/api/v1/ateliers/" + other.String() + path)
		if w.Code != http.StatusNotFound || w.Body.String() != unknown.Body.String() {
			t.Errorf("another atelier%s: %d %s, want what an unknown one answers", path, w.Code, w.Body)
		}
	}
}
