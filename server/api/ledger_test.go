package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"

	"quietude/server/auth"
)

// TestLedger: the workbook has the actions that the list has, a text that begins
// like a formula is a text, and the indicators count the closed evening.
func TestLedger(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	_, path := n.saidEvening()
	n.closeEvening(path)
	n.into(n.post("/api/v1/actions", fmt.Sprintf(`{"id":"%s","quartier":"BE","code":"MED","titre":"=1+1","echeance":"2026-01-05","event":{"id":"%s","state":"ongoing"}}`,
		uuid.New(), uuid.New())), http.StatusCreated, &struct{}{})
	analyste := n.by(auth.Analyste)
	for query, want := range map[string]int{"": 3, "?quartier=CE": 2, "?state=refused": 1, "?late=true": 1, "?quartier=CE&late=true": 0} {
		w := analyste.get("/api/v1/actions.xlsx" + query)
		if w.Code != http.StatusOK {
			t.Fatalf("%s: %d %s", query, w.Code, w.Body)
		}
		book, err := excelize.OpenReader(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := book.GetRows("actions")
		if err != nil {
			t.Fatal(err)
		}
		whole := fmt.Sprint(rows)
		found := 0
		for _, titre := range []string{"Réparer l’éclairage", "Pas de caméra ici", "'=1+1"} {
			found += strings.Count(whole, titre)
		}
		if found != want {
			t.Errorf("%q: %d actions, want %d: %s", query, found, want, whole)
		}
		table := analyste.get("/api/v1/actions.csv" + query).Body.String()
		if lines := strings.Count(table, "\n") - 1; lines != want || !strings.Contains(table, "etabli_le") {
			t.Errorf("%q: %d lines in\n%s", query, lines, table)
		}
		meaning, err := book.GetRows("indicateurs")
		if err != nil || !strings.Contains(fmt.Sprint(meaning), "Part répondue en six mois") {
			t.Errorf("%q: %v, indicators %v", query, err, meaning)
		}
	}
	var figures struct {
		Ateliers, Participants, Findings, Answered, Due, Late int
		ByState                                               map[string]int `json:"by_state"`
		MedianDays                                            *int           `json:"median_days"`
	}
	n.into(analyste.get("/api/v1/indicateurs"), http.StatusOK, &figures)
	if figures.Ateliers != 1 || figures.Participants != 20 || figures.Findings != 2 || figures.Answered != 2 || figures.Due != 0 ||
		figures.Late != 1 || figures.ByState["refused"] != 1 || figures.MedianDays != nil {
		t.Errorf("%+v", figures)
	}
	n.into(n.post("/api/v1/actions", fmt.Sprintf(`{"id":"%s","quartier":"BE","code":"TEC","titre":"Éclairage","geometry":{"type":"Point","coordinates":[5.93,45.57]},"event":{"id":"%s","state":"ongoing"}}`,
		uuid.New(), uuid.New())), http.StatusCreated, &struct{}{})
	var places struct {
		Contexte map[string]string
		Features []struct {
			Geometry   struct{ Type string }
			Properties map[string]string
		}
	}
	n.into(analyste.get("/api/v1/actions.geojson?quartier=BE"), http.StatusOK, &places)
	if len(places.Features) != 1 || places.Features[0].Geometry.Type != "Point" || places.Features[0].Properties["etat"] != "en cours" || places.Contexte["source"] == "" {
		t.Errorf("places of actions: %+v", places)
	}
	n.problem(n.by(auth.Bailleur).get("/api/v1/actions.csv"), http.StatusForbidden, "acces_refuse")
	n.problem(n.by(auth.Bailleur).get("/api/v1/actions.xlsx"), http.StatusForbidden, "acces_refuse")
}
