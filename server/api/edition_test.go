package api_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"quietude/server/atelier"
	"quietude/server/auth"
	"quietude/server/pgtest"
)

type brouillon struct {
	ID      string
	State   string
	Refusal string
	Numero  int
	Edition *struct {
		Content []struct{ H3, Reading string }
		Hash    string
	}
}

type editionList struct {
	Editions []struct {
		Quartier    string
		Numero      int
		WithdrawnOn string `json:"withdrawn_on"`
		Hexagons    *int
		Hash        string
		Ateliers    []string
	}
	Omissions []string
}

// closedEvening is a closed atelier of CE where people feel unsafe at one place.
func (n *node) closedEvening(people int) atelier.Atelier {
	n.t.Helper()
	a := pgtest.Atelier(n.t, n.pool)
	for range people {
		pgtest.Marker(n.t, n.pool, a)
	}
	n.exec(`update atelier set state = 'closed', frozen_at = now(), frozen_hash = 'x' where id = $1`, a.ID)
	return a
}

func (n *node) exec(sql string, args ...any) {
	n.t.Helper()
	if _, err := n.pool.Exec(n.t.Context(), sql, args...); err != nil {
		n.t.Fatal(err)
	}
}

// ask asks for a draft and builds it, as a node's job would.
func (n *node) ask(ateliers ...atelier.Atelier) (b brouillon) {
	n.t.Helper()
	id := uuid.New()
	names := make([]string, len(ateliers))
	for i, a := range ateliers {
		names[i] = `"` + a.ID.String() + `"`
	}
	body := fmt.Sprintf(`{"id":"%s","ateliers":[%s]}`, id, strings.Join(names, ","))
	for _, status := range []int{http.StatusCreated, http.StatusOK} { // twice is once
		n.into(n.post("/api/v1/brouillons", body), status, &b)
	}
	if err := n.publisher.Build(n.t.Context(), pgtest.Chambery, id); err != nil {
		n.t.Fatal(err)
	}
	n.into(n.get("/api/v1/brouillons/"+id.String()), http.StatusOK, &b)
	return b
}

// TestFromEveningToPublic goes the whole way: draft, preview, publication, what
// everybody reads in each form, withdrawal.
func TestFromEveningToPublic(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	a := n.closedEvening(9)
	b := n.ask(a)
	if b.State != "ready" || len(b.Edition.Content) != 1 || b.Edition.Content[0].Reading != "unsafe" {
		t.Fatalf("%+v", b)
	}
	var list editionList
	n.into(n.get("/api/v1/editions"), http.StatusOK, &list)
	if len(list.Editions) != 0 || len(list.Omissions) == 0 {
		t.Fatalf("before: %+v", list)
	}
	var preview, public struct{ Features []struct{ ID string } }
	n.into(n.get("/api/v1/brouillons/"+b.ID+"/hexagones"), http.StatusOK, &preview)
	n.into(n.post("/api/v1/brouillons/"+b.ID+"/publier", ""), http.StatusOK, &b)
	if b.State != "published" || b.Numero != 1 {
		t.Fatalf("%+v", b)
	}
	const one = "/api/v1/quartiers/CE/editions/1"
	n.into(n.get(one+"/hexagones"), http.StatusOK, &public)
	if len(public.Features) != 1 || !slices.Equal(preview.Features, public.Features) {
		t.Errorf("previewed %+v, published %+v", preview, public)
	}
	n.into(n.get("/api/v1/editions"), http.StatusOK, &list)
	if len(list.Editions) != 1 || *list.Editions[0].Hexagons != 1 || list.Editions[0].Ateliers[0] != "2026-03-12" {
		t.Errorf("%+v", list)
	}
	canonical := n.get(one + "/canonique.txt")
	if sum := sha256.Sum256(canonical.Body.Bytes()); hex.EncodeToString(sum[:]) != list.Editions[0].Hash {
		t.Error("the hash is not that of the text")
	}
	if table := n.get(one + "/hexagones.csv").Body.String(); !strings.Contains(table, public.Features[0].ID+",CE,1,unsafe,5 à 9,,") {
		t.Errorf("%s", table)
	}
	for _, r := range []int{8, 9} {
		n.into(n.get(fmt.Sprintf("%s/hexagones?resolution=%d", one, r)), http.StatusOK, &public)
		if len(public.Features) != 1 {
			t.Errorf("resolution %d: %+v", r, public)
		}
	}
	if w := n.get(one + "/hexagones?resolution=10"); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("finer than published: %d", w.Code)
	}
	for path, want := range map[string]int{
		"/tiles/editions/13/4230/2928.mvt": http.StatusOK, "/tiles/editions/13/0/0.mvt": http.StatusNoContent,
		"/tiles/editions.json": http.StatusOK, "/api/v1/quartiers/CE/editions/2": http.StatusNotFound, "/api/v1/quartiers/ZZ/editions/1": http.StatusNotFound,
	} {
		w := n.get(path)
		if w.Code != want {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
		if want == http.StatusOK && w.Header().Get("Cache-Control") != "public, max-age=60" {
			t.Errorf("%s: %v", path, w.Header())
		}
	}
	if w := n.do(httptest.NewRequest(http.MethodDelete, one, nil)); w.Code != http.StatusNoContent {
		t.Fatalf("withdrawal: %d %s", w.Code, w.Body)
	}
	for _, path := range []string{one, one + "/hexagones", one + "/hexagones.csv", one + "/canonique.txt"} {
		if w := n.get(path); w.Code != http.StatusGone {
			t.Errorf("%s after the withdrawal: %d", path, w.Code)
		}
	}
	var after editionList
	n.into(n.get("/api/v1/editions"), http.StatusOK, &after)
	if len(after.Editions) != 1 || after.Editions[0].WithdrawnOn != "2026-03-20" || after.Editions[0].Hash != "" || after.Editions[0].Hexagons != nil {
		t.Errorf("%+v", after)
	}
	if w := n.get("/tiles/editions/13/4230/2928.mvt"); w.Code != http.StatusNoContent {
		t.Errorf("a withdrawn edition is in tiles: %d", w.Code)
	}
}

// TestDraftsThatCannotBe say why, and publish nothing.
func TestDraftsThatCannotBe(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	open := pgtest.Atelier(t, n.pool)
	b := n.ask(open)
	if b.State != "refused" || !strings.Contains(b.Refusal, "pas clos") {
		t.Errorf("%+v", b)
	}
	if w := n.post("/api/v1/brouillons/"+b.ID+"/publier", ""); w.Code != http.StatusConflict {
		t.Errorf("published all the same: %d", w.Code)
	}
	for body, want := range map[string]int{
		`{"id":"` + uuid.NewString() + `","ateliers":[]}`:                                           http.StatusBadRequest,
		`{"id":"` + uuid.NewString() + `","ateliers":["` + uuid.NewString() + `"]}`:                 http.StatusUnprocessableEntity,
		`{"id":"` + b.ID + `","ateliers":["` + n.closedEvening(0).ID.String() + `"]}`:               http.StatusConflict,
		`{"id":"` + uuid.NewString() + `","ateliers":["` + open.ID.String() + `"],"threshold":1}`:   http.StatusBadRequest,
		`{"id":"` + uuid.NewString() + `","ateliers":["` + open.ID.String() + `"],"quartier":"HC"}`: http.StatusBadRequest,
	} {
		if w := n.post("/api/v1/brouillons", body); w.Code != want {
			t.Errorf("%s: %d, want %d: %s", body, w.Code, want, w.Body)
		}
	}
	if w := n.get("/api/v1/brouillons/" + uuid.NewString()); w.Code != http.StatusNotFound {
		t.Errorf("unknown draft: %d", w.Code)
	}
}

// TestDraftsAreNotPublic: only an animateur knows of them.
func TestDraftsAreNotPublic(t *testing.T) {
	t.Parallel()
	for _, route := range []string{"POST /api/v1/brouillons", "GET /api/v1/brouillons/{id}", "GET /api/v1/brouillons/{id}/hexagones",
		"POST /api/v1/brouillons/{id}/publier", "GET /api/v1/ateliers/{id}/brouillons", "DELETE /api/v1/quartiers/{code}/editions/{numero}"} {
		for _, role := range []auth.Role{auth.Public, auth.Habitant, auth.Analyste, auth.Police, auth.Bailleur, auth.Admin, auth.DPO} {
			if role.May(route) {
				t.Errorf("%s may %s", role, route)
			}
		}
	}
}
