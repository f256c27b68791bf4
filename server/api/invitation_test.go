package api_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"quietude/server/atelier"
	"quietude/server/pgtest"
)

// TestInvitations follows a reporter from the form to the table: what they
// reported and how they can be reached stay apart, an answer can be changed,
// tables stay balanced.
func TestInvitations(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	room := pgtest.Atelier(t, n.pool, func(a *atelier.Atelier) { a.ClosesAt = now.AddDate(0, 0, 1) })
	report := func(id uuid.UUID, contact string) string {
		return fmt.Sprintf(`{"id":%q,"geometry":{"type":"Point","coordinates":[5.9187,45.5665]},"theme":"BRU"%s}`, id, contact)
	}
	for i := range 3 {
		id := uuid.New()
		body := report(id, fmt.Sprintf(`,"contact":{"nom":"Personne %d","email":"p%d@exemple.fr"}`, i, i))
		for range 2 {
			if w := n.post("/api/v1/signalements", body); w.Code != http.StatusCreated && w.Code != http.StatusOK || strings.Contains(w.Body.String(), "exemple.fr") {
				t.Fatalf("%d %s", w.Code, w.Body)
			}
		}
	}
	n.problem(n.post("/api/v1/signalements", report(uuid.New(), `,"contact":{"nom":"Sans adresse"}`)), http.StatusBadRequest, "contact_absent")
	n.problem(n.post("/api/v1/signalements", report(uuid.New(), `,"contact":{"email":"p@"}`)), http.StatusBadRequest, "email_invalide")
	n.into(n.post("/api/v1/signalements", report(uuid.New(), `,"contact":{"adresse":"1 rue de l’Exemple\n73000 Chambéry"}`)), http.StatusCreated, &struct{}{})

	path := "/api/v1/ateliers/" + room.ID.String()
	var list struct {
		Reporters []struct {
			ID       uuid.UUID
			HasEmail bool `json:"has_email"`
			Invited  bool
		}
	}
	w := n.get(path + "/reporters?from=2026-03-01&to=2026-03-31")
	n.into(w, http.StatusOK, &list)
	if len(list.Reporters) != 4 || strings.Contains(w.Body.String(), "exemple.fr") || strings.Contains(w.Body.String(), "rue de l") {
		t.Fatalf("reporters %s", w.Body)
	}
	var ids []string
	for _, r := range list.Reporters {
		ids = append(ids, `"`+r.ID.String()+`"`)
	}
	invite := `{"reporters":[` + strings.Join(ids, ",") + `]}`
	var sent struct {
		ByEmail     bool `json:"by_email"`
		Invitations []struct {
			Channel, Answer string
			Table           int
		}
	}
	for range 2 {
		n.into(n.post(path+"/invitations", invite), http.StatusOK, &sent)
	}
	if len(sent.Invitations) != 4 || sent.ByEmail {
		t.Errorf("invited twice: %+v", sent)
	}
	var codes []string
	rows, err := n.pool.Query(context.Background(), `select code from contact.invitation order by code`)
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var code string
		if err := rows.Scan(&code); err != nil {
			t.Fatal(err)
		}
		codes = append(codes, code)
	}
	for _, code := range codes[:3] {
		n.into(n.post("/api/v1/invitations/"+strings.ToLower(code), `{"answer":"yes"}`), http.StatusOK, &struct{}{})
	}
	n.into(n.post("/api/v1/invitations/"+codes[0], `{"answer":"no"}`), http.StatusOK, &struct{}{})
	var invited struct{ Answer, Titre string }
	n.into(n.get("/api/v1/invitations/"+codes[0]), http.StatusOK, &invited)
	if invited.Answer != "no" || invited.Titre != room.Titre {
		t.Errorf("the invited person reads %+v", invited)
	}
	n.problem(n.get("/api/v1/invitations/23456789ABCDEFGH"), http.StatusNotFound, "invitation_inconnue")
	n.into(n.get(path+"/invitations"), http.StatusOK, &sent)
	tables := map[int]int{}
	for _, i := range sent.Invitations {
		tables[i.Table]++
	}
	if tables[1] != 1 || tables[2] != 1 || tables[0] != 2 {
		t.Errorf("tables %v, want one guest each at two tables", tables)
	}

	// Past its hours, opened or not, nobody is awaited any more.
	if _, err := n.pool.Exec(context.Background(), `update atelier set starts_at = starts_at - interval '400 days', closes_at = closes_at - interval '400 days'`); err != nil {
		t.Fatal(err)
	}
	var past struct{ State string }
	n.into(n.get("/api/v1/invitations/"+codes[0]), http.StatusOK, &past)
	if past.State != "closed" {
		t.Errorf("the invitation to a past evening says %q", past.State)
	}
	n.problem(n.post("/api/v1/invitations/"+codes[0], `{"answer":"yes"}`), http.StatusGone, "atelier_passe")
	n.problem(n.post(path+"/invitations", invite), http.StatusConflict, "atelier_passe")

	n.into(n.put(path+"/institutions", `{"institutions":[{"institution":"elus","expected":2},{"institution":"parquet","expected":1,"present":1}]}`), http.StatusOK, &struct{}{})
	for _, file := range []string{"lettres", "presence", "plans-tables"} {
		if w := n.get(path + "/" + file + ".pdf"); w.Code != http.StatusOK || !strings.HasPrefix(w.Body.String(), "%PDF-") {
			t.Errorf("%s.pdf: %d", file, w.Code)
		}
	}
	var held struct{ Ateliers, Reunions int }
	n.into(n.get("/api/v1/rencontres-tenues"), http.StatusOK, &held)
	if held.Ateliers != 0 || held.Reunions != 0 {
		t.Errorf("held %+v while the only one is open", held)
	}
	if _, err := n.pool.Exec(context.Background(), `delete from signalement`); err != nil {
		t.Fatal(err)
	}
	if left := pgtest.Count(t, n.pool, `select (select count(*) from contact.reporter) + (select count(*) from contact.invitation)`); left != 0 {
		t.Errorf("%d rows of contact outlive their signalement", left)
	}
}
