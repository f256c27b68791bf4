package atelier_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"quietude/server/atelier"
	"quietude/server/fault"
)

var today = time.Date(2026, 3, 20, 0, 0, 0, 0, time.UTC)

func event(state atelier.ActionState) *atelier.ActionEvent {
	return &atelier.ActionEvent{ID: uuid.New(), State: state, Reason: "hors de notre compétence", Proof: "lampadaire remplacé", Pilote: uuid.New()}
}

// TestEveryTransition tries each state after each: what Next lists is taken,
// nothing else is, and a refusal changes nothing.
func TestEveryTransition(t *testing.T) {
	t.Parallel()
	reached := map[atelier.ActionState]bool{}
	for _, from := range append([]atelier.ActionState{""}, atelier.ActionStates...) {
		for _, to := range atelier.ActionStates {
			a := atelier.Action{State: from}
			if from == atelier.Done || from == atelier.Verified {
				a.DoneOn = &today
			}
			before := a
			err := a.Change(event(to), today, to == atelier.Verified)
			// The state that it has already is news, but of what is closed.
			news := to == from && (!from.Settled() || from == atelier.Done || from == atelier.Verified)
			if allowed := news || slices.Contains(from.Next(), to); allowed != (err == nil) {
				t.Errorf("%q → %q: %v, allowed %v", from, to, err, allowed)
			}
			if err != nil {
				if a.State != before.State || a.DoneOn != before.DoneOn || fault.KindOf(err) != fault.Conflict {
					t.Errorf("%q → %q was refused and left %+v, %v", from, to, a, err)
				}
				continue
			}
			reached[to] = true
			if (a.DoneOn != nil) != (to == atelier.Done || to == atelier.Verified) {
				t.Errorf("%q → %q: done on %v", from, to, a.DoneOn)
			}
		}
	}
	if len(reached) != len(atelier.ActionStates) {
		t.Errorf("only %d states can be reached", len(reached))
	}
}

func TestChangeNeedsItsReasons(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name        string
		from        atelier.ActionState
		spoil       func(*atelier.ActionEvent)
		to          atelier.ActionState
		byResidents bool
		code        string
	}{
		{"a refusal without a reason", atelier.Proposed, func(e *atelier.ActionEvent) { e.Reason = " " }, atelier.Refused, false, "motif_absent"},
		{"a transmission without a reason", "", func(e *atelier.ActionEvent) { e.Reason = "" }, atelier.Forwarded, false, "motif_absent"},
		{"a transmission to nobody", "", func(e *atelier.ActionEvent) { e.Pilote = uuid.Nil }, atelier.Forwarded, false, "champ_absent"},
		{"given up without a reason", atelier.Planned, func(e *atelier.ActionEvent) { e.Reason = "" }, atelier.Abandoned, false, "motif_absent"},
		{"taken up again without a reason", atelier.Done, func(e *atelier.ActionEvent) { e.Reason = "" }, atelier.Ongoing, false, "motif_absent"},
		{"done without a proof", atelier.Ongoing, func(e *atelier.ActionEvent) { e.Proof = "" }, atelier.Done, false, "preuve_absente"},
		{"verified by an authority", atelier.Done, func(*atelier.ActionEvent) {}, atelier.Verified, false, "reserve_habitants"},
		{"studied by residents", atelier.Proposed, func(*atelier.ActionEvent) {}, atelier.Studied, true, "reserve_habitants"},
		{"a script for a link", atelier.Ongoing, func(e *atelier.ActionEvent) { e.ProofURL = "javascript:alert(1)" }, atelier.Done, false, "lien_refuse"},
		{"a password in a link", atelier.Ongoing, func(e *atelier.ActionEvent) { e.ProofURL = "https://a:b@exemple.fr/" }, atelier.Done, false, "lien_refuse"},
		{"no identifier", "", func(e *atelier.ActionEvent) { e.ID = uuid.Nil }, atelier.Studied, false, "identifiant_absent"},
		{"an unknown state", "", func(e *atelier.ActionEvent) { e.State = "late" }, "late", false, "valeur_inconnue"},
	} {
		a, e := atelier.Action{State: c.from}, event(c.to)
		c.spoil(e)
		if err := a.Change(e, today, c.byResidents); fault.As(err) == nil || fault.As(err).Code != c.code || a.State != c.from {
			t.Errorf("%s: %v, state %q", c.name, err, a.State)
		}
	}
}

func TestLate(t *testing.T) {
	t.Parallel()
	yesterday := today.AddDate(0, 0, -1)
	for _, s := range atelier.ActionStates {
		a := atelier.Action{State: s, Echeance: &yesterday}
		if a.Late(today) == s.Settled() {
			t.Errorf("%s, due yesterday: late %v", s, a.Late(today))
		}
		if a.Echeance = &today; a.Late(today) {
			t.Errorf("%s, due today, is late", s)
		}
		if a.Echeance = nil; a.Late(today) {
			t.Errorf("%s, due never, is late", s)
		}
	}
}

func TestFindingCheck(t *testing.T) {
	t.Parallel()
	a, b := uuid.MustParse("00000000-0000-4000-8000-00000000000a"), uuid.MustParse("00000000-0000-4000-8000-00000000000b")
	f := atelier.Finding{Rang: 1, Titre: "  L’éclairage du passage est en panne ", Tables: []int{3, 1, 3}, Remarks: []uuid.UUID{b, a, b}, Themes: []atelier.Theme{"AMB"}}
	if err := f.Check(); err != nil || !slices.Equal(f.Tables, []int{1, 3}) || !slices.Equal(f.Remarks, []uuid.UUID{a, b}) || f.Titre[0] == ' ' {
		t.Errorf("%+v, %v", f, err)
	}
	for name, spoil := range map[string]func(*atelier.Finding){
		"titre":   func(f *atelier.Finding) { f.Titre = " " },
		"rang":    func(f *atelier.Finding) { f.Rang = 0 },
		"themes":  func(f *atelier.Finding) { f.Themes = []atelier.Theme{"AMB", "AMB"} },
		"tables":  func(f *atelier.Finding) { f.Tables = []int{21} },
		"markers": func(f *atelier.Finding) { f.Markers = make([]uuid.UUID, atelier.MaxLinks+1) },
	} {
		bad := f
		spoil(&bad)
		if err := bad.Check(); fault.As(err) == nil || fault.As(err).Field != name {
			t.Errorf("%s: %v", name, err)
		}
	}
}
