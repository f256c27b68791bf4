package atelier_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"quietude/server/atelier"
)

// TestIndicate: a finding decided about in five months is in time; one decided in
// seven is not, nor one that was transmitted at once and no more, nor one whose
// action was given up. One of last week is not due; what was withdrawn or belongs
// to an open evening does not count.
func TestIndicate(t *testing.T) {
	t.Parallel()
	today := time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)
	ago := func(months int) time.Time { return today.AddDate(0, -months, 0) }
	closed, open, reunion := uuid.New(), uuid.New(), uuid.New()
	meetings := []atelier.Atelier{
		{ID: closed, Kind: "atelier", Room: atelier.Room{State: "closed"}, Participants: 20},
		{ID: reunion, Kind: "reunion", Room: atelier.Room{State: "closed"}, Participants: 8},
		{ID: open, Kind: "atelier", Room: atelier.Room{State: "open"}, Participants: 5}}
	prompt, slow, fresh, passedOn, givenUp := uuid.New(), uuid.New(), uuid.New(), uuid.New(), uuid.New()
	findings := []atelier.Finding{
		{ID: prompt, Atelier: closed, CreatedAt: ago(8), Answered: true},
		{ID: slow, Atelier: closed, CreatedAt: ago(8), Answered: true},
		{ID: fresh, Atelier: reunion, CreatedAt: today.AddDate(0, 0, -7)},
		{ID: passedOn, Atelier: closed, CreatedAt: ago(8), Answered: true},
		{ID: givenUp, Atelier: closed, CreatedAt: ago(8)},
		{ID: uuid.New(), Atelier: closed, CreatedAt: ago(8), Withdrawn: true},
		{ID: uuid.New(), Atelier: open, CreatedAt: ago(8)}}
	done, yesterday := ago(2), today.AddDate(0, 0, -1)
	one := atelier.Action{ID: uuid.New(), State: atelier.Done, Findings: []uuid.UUID{prompt}, DoneOn: &done}
	two := atelier.Action{ID: uuid.New(), State: atelier.Planned, Findings: []uuid.UUID{slow, prompt}, Echeance: &yesterday}
	three := atelier.Action{ID: uuid.New(), State: atelier.Forwarded, Findings: []uuid.UUID{passedOn}}
	four := atelier.Action{ID: uuid.New(), State: atelier.Abandoned, Findings: []uuid.UUID{givenUp}}
	history := map[uuid.UUID][]atelier.ActionEvent{
		one.ID:   {{State: atelier.Proposed, At: ago(4)}, {State: atelier.Planned, At: ago(3)}, {State: atelier.Done, At: done}},
		two.ID:   {{State: atelier.Planned, At: ago(1)}},
		three.ID: {{State: atelier.Forwarded, At: ago(8)}},
		four.ID:  {{State: atelier.Planned, At: ago(8)}, {State: atelier.Abandoned, At: ago(5)}}}
	n := atelier.Indicate(today, meetings, findings, []atelier.Action{one, two, three, four}, history)
	if n.Ateliers != 1 || n.Reunions != 1 || n.Participants != 28 || n.Findings != 5 || n.Answered != 3 || n.Due != 4 || n.InTime != 1 ||
		n.Late != 1 || n.Done != 1 || n.ByState[atelier.Planned] != 1 || n.MedianDays == nil || *n.MedianDays != 61 {
		t.Errorf("%+v, median %v", n, n.MedianDays)
	}
	if n := atelier.Indicate(today, nil, nil, nil, nil); n.MedianDays != nil || n.Due != 0 {
		t.Errorf("of nothing: %+v", n)
	}
}
