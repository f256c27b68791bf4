package api

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"quietude/geo"
	"quietude/server/atelier"
	"quietude/server/store"
)

// FuzzSignalement follows a body up to the database's door: whatever comes, it
// is a refusal that names a code, or a signalement that keeps every rule.
func FuzzSignalement(f *testing.F) {
	for _, seed := range []string{
		`{"geometry":{"type":"Point","coordinates":[5.9,45.56]},"theme":"BRU"}`,
		`{"geometry":{"type":"Point","coordinates":[1e999,45.56]},"theme":"BRU"}`,
		`{"geometry":null,"theme":"BRU","note":"\ud83d\ude00"}`,
		`{"geometry":{"type":"Point","coordinates":[5.9,45.56]},"theme":"OCC","severity":1.0,"occurred_from":"2026-03-01T00:00:60Z"}`,
		`{"geometry":{"type":"Point","coordinates":[5.9,45.56]},"theme":"OCC","id":"{0190d1d2-0000-7000-8000-000000000001}"}`,
	} {
		f.Add([]byte(seed))
	}
	contract, err := loadContract()
	if err != nil {
		f.Fatal(err)
	}
	var a API
	route := a.signalementRoutes()[1]
	operation, err := contract.operation(route)
	if err != nil {
		f.Fatal(err)
	}
	now := time.Date(2026, 3, 20, 10, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, raw []byte) {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(string(raw)))
		r.Header.Set("Content-Type", "application/json")
		s, err := func() (atelier.Signalement, error) {
			body, err := readBody(httptest.NewRecorder(), r)
			if err != nil {
				return atelier.Signalement{}, err
			}
			if err := body.point(route.Position); err != nil {
				return atelier.Signalement{}, err
			}
			if err := checkSchema(operation.body, body.Raw); err != nil {
				return atelier.Signalement{}, err
			}
			var sent newSignalement
			if err := body.Decode(&sent); err != nil {
				return atelier.Signalement{}, err
			}
			s := sent.domain("73065", now)
			if s.Position, err = geo.DecodePoint(sent.Geometry); err != nil {
				return s, err
			}
			return s, s.Check(now)
		}()
		if err != nil {
			if p := ProblemOf(err); p.Status >= 500 || p.Status < 400 || p.Code == "" || p.Detail == "" {
				t.Fatalf("%q: %v is %+v", raw, err, p)
			}
			return
		}
		if geo.CheckPosition(s.Position) != nil || atelier.CheckTheme(s.Theme, "") != nil || s.OccurredTo.Before(s.OccurredFrom) ||
			len([]rune(s.Note)) > atelier.NoteLimit || strings.ContainsRune(s.Note, 0) {
			t.Fatalf("%q becomes %+v", raw, s)
		}
	})
}

func TestCursor(t *testing.T) {
	t.Parallel()
	s := store.ListedSignalement{Signalement: atelier.Signalement{ID: uuid.New(), ReceivedAt: time.Date(2026, 3, 20, 10, 0, 0, 123456000, time.UTC)}}
	at, id, err := readCursor(cursorOf(s))
	if err != nil || !at.Equal(s.ReceivedAt) || id != s.ID {
		t.Errorf("%v %v %v", at, id, err)
	}
}
