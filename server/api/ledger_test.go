package api_test

import (
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"

	"quietude/server/atelier"
	"quietude/server/auth"
	"quietude/server/pgtest"
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

// TestIndicatorsAreThoseOfSQL counts the same by hand: constats of every age,
// decided about at once, in time, too late, never, given up, withdrawn, of an
// evening that is not over.
func TestIndicatorsAreThoseOfSQL(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	closed := pgtest.Atelier(t, n.pool)
	open := pgtest.Atelier(t, n.pool)
	meeting := pgtest.Atelier(t, n.pool, func(a *atelier.Atelier) { a.Kind = "reunion" })
	for _, room := range []atelier.Atelier{closed, meeting, open} {
		for i := range 3 {
			pgtest.Marker(t, n.pool, room, func(m *atelier.Marker) { m.Table = 1 + i%2 })
		}
		for i, x := range []struct {
			written, answered string
			states            []string
			withdrawn         bool
		}{
			{"2025-09-01", "2025-09-01", []string{"planned", "ongoing", "done"}, false},
			{"2025-09-01", "2026-02-28", []string{"proposed", "refused"}, false},
			{"2025-09-01", "2026-03-02", []string{"planned"}, false},
			{"2025-09-01", "2025-09-01", []string{"forwarded"}, false},
			{"2025-09-01", "2025-12-01", []string{"studied", "retained"}, false},
			{"2025-09-01", "2026-03-03", []string{"proposed", "forwarded", "done"}, false},
			{"2025-09-19", "", []string{"proposed"}, false},
			{"2025-09-21", "2025-10-01", []string{"retained"}, false},
			{"2025-01-01", "2025-01-02", []string{"planned", "abandoned"}, false},
			{"2025-01-01", "2025-01-02", []string{"done"}, true},
			{"2026-03-19", "", nil, false},
		} {
			finding, act := uuid.New(), uuid.New()
			n.exec(`insert into finding (territoire, id, atelier, quartier, rang, titre, created_at, updated_at, withdrawn) values ($1, $2, $3, 'CE', $4, 'Il fait sombre', $5, $5, $6)`,
				pgtest.Chambery, finding, room.ID, i+1, x.written+"T18:00:00Z", x.withdrawn)
			if len(x.states) == 0 {
				continue
			}
			last := x.states[len(x.states)-1]
			n.exec(`insert into action (territoire, id, quartier, atelier, code, titre, state, reason, echeance, done_on, created_at, updated_at)
				values ($1, $2, 'CE', $3, 'TEC', 'Six lampadaires', $4, 'Ainsi', '2026-01-01', case when $4 = 'done' then date '2026-01-15' end, $5, $5)`, pgtest.Chambery, act, room.ID, last, x.written)
			n.exec(`insert into action_finding (territoire, action, finding) values ($1, $2, $3)`, pgtest.Chambery, act, finding)
			for seq, state := range x.states {
				at := x.written + "T18:30:00Z"
				if state != "proposed" {
					at = x.answered + "T19:00:00Z"
				}
				n.exec(`insert into action_event (territoire, action, seq, id, state, reason, role, at) values ($1, $2, $3, $4, $5, 'Ainsi', 'animateur', $6)`, pgtest.Chambery, act, seq+1, uuid.New(), state, at)
			}
		}
	}
	n.exec(`update atelier set state = 'closed', frozen_at = closes_at, frozen_hash = 'x' where id in ($1, $2)`, closed.ID, meeting.ID)
	for _, quartier := range []string{"", "?quartier=CE", "?quartier=BE"} {
		var got map[string]any
		n.into(n.by(auth.Analyste).get("/api/v1/indicateurs"+quartier), http.StatusOK, &got)
		byState := got["by_state"]
		delete(got, "by_state")
		var want map[string]any
		var states map[string]any
		if err := n.pool.QueryRow(t.Context(), indicatorsByHand, now, strings.TrimPrefix(quartier, "?quartier=")).Scan(&want, &states); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%q: got  %v\nwant %v", quartier, got, want)
		}
		for state, count := range byState.(map[string]any) {
			if count != 0.0 && states[state] != count {
				t.Errorf("%q: %v actions %s, want %v", quartier, count, state, states[state])
			}
			delete(states, state)
		}
		if len(states) > 0 {
			t.Errorf("%q: not counted: %v", quartier, states)
		}
	}
}

// indicatorsByHand are the definitions of the page, as SQL.
const indicatorsByHand = `
with here as (select a.* from atelier a where $2::text = '' or a.quartier = $2),
held as (select * from here where state = 'closed'),
said as (select f.* from finding f join held h on h.id = f.atelier where not f.withdrawn),
acts as (select x.* from action x where $2::text = '' or x.quartier = $2),
answers as (
  select l.finding, min(e.at) as first from action_finding l join acts x on x.id = l.action join action_event e on e.action = x.id
  where e.state not in ('proposed', 'abandoned', 'forwarded', 'studied') and x.state not in ('proposed', 'abandoned') group by l.finding),
due as (select s.*, a.first from said s left join answers a on a.finding = s.id where (s.created_at at time zone 'UTC') + interval '6 months' <= $1::date),
done as (
  select done_on - (select min(at at time zone 'UTC') from action_event e where e.action = x.id)::date as days from acts x where done_on is not null)
select jsonb_build_object(
    'ateliers', (select count(*) from held where kind = 'atelier'),
    'reunions', (select count(*) from held where kind = 'reunion'),
    'participants', (select count(*) from participant p join held h on h.id = p.atelier),
    'findings', (select count(*) from said),
    'answered', (select count(*) from said s where exists (select from action_finding l join action x on x.id = l.action where l.finding = s.id and x.state not in ('proposed', 'abandoned'))),
    'due', (select count(*) from due),
    'in_time', (select count(*) from due where (first at time zone 'UTC') <= (created_at at time zone 'UTC') + interval '6 months'),
    'late', (select count(*) from acts where echeance < $1::date and state not in ('done', 'verified', 'refused', 'abandoned')),
    'done', (select count(*) from done),
    'median_days', (select floor(percentile_cont(0.5) within group (order by days)) from done)),
  (select coalesce(jsonb_object_agg(state, n), '{}') from (select state, count(*) as n from acts group by state) s)`
