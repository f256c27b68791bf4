package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/paulmach/orb"

	"quietude/geo"
	"quietude/server/fault"
)

// TestEveryReasonHasASentence goes through the reasons of geo.
func TestEveryReasonHasASentence(t *testing.T) {
	t.Parallel()
	for _, reason := range geo.AllReasons {
		if _, ok := refusals[reason]; !ok {
			t.Errorf("no sentence for %q", reason)
			continue
		}
		p := ProblemOf(fmt.Errorf("wrapped: %w", &geo.Invalid{Reason: reason, Limit: 7, Field: "geometry", At: &orb.Point{5, 45}}))
		if p.Status < 400 || p.Status >= 500 || !strings.HasSuffix(p.Detail, ".") || strings.Contains(p.Detail, "%") ||
			!regexp.MustCompile(`^[a-z0-9_]+$`).MatchString(p.Code) || p.Title == "" || p.Field != "geometry" {
			t.Errorf("%s: %+v", reason, p)
		}
	}
	if len(refusals) != len(geo.AllReasons) {
		t.Errorf("%d sentences for %d reasons", len(refusals), len(geo.AllReasons))
	}
}

// TestEveryKindHasOneStatus goes through the kinds of fault.
func TestEveryKindHasOneStatus(t *testing.T) {
	t.Parallel()
	seen := map[int]fault.Kind{}
	for kind := fault.Internal; kind <= fault.Unavailable; kind++ {
		a, ok := answers[kind]
		if !ok || a.title == "" || http.StatusText(a.status) == "" {
			t.Errorf("kind %d: %+v", kind, a)
		}
		if other, twice := seen[a.status]; twice {
			t.Errorf("kinds %d and %d share %d", kind, other, a.status)
		}
		seen[a.status] = kind
	}
}

func failWith(t testing.TB, err error) (*httptest.ResponseRecorder, string) {
	t.Helper()
	var log bytes.Buffer
	w := httptest.NewRecorder()
	c, _ := gin.CreateTestContext(w)
	c.Request = httptest.NewRequest(http.MethodGet, "/secret", nil)
	a := &API{Config: Config{Logger: slog.New(slog.NewTextHandler(&log, nil))}}
	a.fail(c, err)
	return w, log.String()
}

func TestFail(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err          error
		status       int
		code, header string
		logged       bool
	}{
		{errors.New("boom at 5.91,45.56"), 500, "erreur_interne", "", true},
		{fault.New(fault.Internal, "x", "secret"), 500, "erreur_interne", "", true},
		{fmt.Errorf("a: %w", fault.New(fault.TooMany, "trop_vite", "Attendez.").After(1500*time.Millisecond)), 429, "trop_vite", "2", false},
		{fault.New(fault.Unavailable, "absent", "Revenez.").After(time.Second), 503, "absent", "1", true},
		{fmt.Errorf("query: %w", context.DeadlineExceeded), 503, "service_charge", "2", true},
		{fault.New(fault.Conflict, "deja", "Déjà.").With("bad", func() {}), 409, "deja", "", false},
	} {
		w, log := failWith(t, c.err)
		var p map[string]any
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		if w.Code != c.status || p["code"] != c.code || w.Header().Get("Retry-After") != c.header || (log != "") != c.logged ||
			w.Header().Get("Content-Type") != "application/problem+json" || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%v: %d %v %v, log %q", c.err, w.Code, p, w.Header(), log)
		}
		if strings.Contains(w.Body.String(), "boom") || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("the private half was told: %s", w.Body)
		}
	}
}

// TestExtraMembersDoNotReplaceTheOthers uses a name that the document has.
func TestExtraMembersDoNotReplaceTheOthers(t *testing.T) {
	t.Parallel()
	p := ProblemOf(fault.New(fault.Conflict, "conflit", "Non.").At("id").With("status", 200).With("quartier", "CE"))
	raw, err := json.Marshal(p)
	if err != nil || string(raw) != `{"code":"conflit","detail":"Non.","field":"id","quartier":"CE","status":409,"title":"Contradiction"}` {
		t.Errorf("%s, %v", raw, err)
	}
}
