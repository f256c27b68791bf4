package live_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"quietude/server/atelier"
	"quietude/server/fault"
	"quietude/server/live"
	"quietude/server/store"
)

func say(remark uuid.UUID, text, more string) string {
	return fmt.Sprintf(`{"id":%q,"kind":"remark_add","remark":%q,"question":"troubles","text":%q%s}`, uuid.New(), remark, text, more)
}

func onRemark(kind string, remark uuid.UUID) string {
	return fmt.Sprintf(`{"id":%q,"kind":%q,"remark":%q}`, uuid.New(), kind, remark)
}

func give(finding uuid.UUID, dots int) string {
	return fmt.Sprintf(`{"id":%q,"kind":"vote","finding":%q,"dots":%d}`, uuid.New(), finding, dots)
}

func (f *fixture) finding(rang int) uuid.UUID {
	f.t.Helper()
	stored, _, err := f.store.PutFinding(f.t.Context(), atelier.Finding{Territoire: f.atelier.Territoire, ID: uuid.New(), Atelier: f.atelier.ID,
		Rang: rang, Titre: fmt.Sprintf("Constat %d", rang)}, 0)
	if err != nil {
		f.t.Fatal(err)
	}
	return stored.ID
}

// heard gives the texts that somebody reads in a new snapshot, sorted.
func (f *fixture) heard(hub *live.Hub, a live.Author) []string {
	f.t.Helper()
	s, err := hub.Snapshot(f.t.Context(), f.atelier, live.Viewer{Staff: a.Staff, Participant: a.Participant, Table: a.Table})
	if err != nil {
		f.t.Fatal(err)
	}
	var out []string
	for _, r := range s.Remarks {
		out = append(out, r.Text)
	}
	slices.Sort(out)
	return out
}

// TestWhatATableSaysStaysThere: words reach the own table and the animateur,
// also when tables see each other's markers, and on every node.
func TestWhatATableSaysStaysThere(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	author, neighbour, elsewhere := f.habitant(1), f.habitant(1), f.habitant(2)
	one, typed := uuid.New(), uuid.New()
	f.write(f.hub, animateur, fmt.Sprintf(`{"id":%q,"kind":"share","shared":true}`, uuid.New()))
	got := f.write(f.hub, author, say(one, "Le hall est occupé", `,"theme":"OCC"`))
	if got[0].Seq != 2 {
		t.Fatalf("receipts %+v", got)
	}
	got = f.write(f.hub, animateur, say(typed, "Écrit sur papier", `,"table":2`), say(uuid.New(), "Sans table", ""), say(uuid.New(), "Table 9", `,"table":9`))
	if got[0].Seq != 3 || codeOf(got[1]) != "table_inconnue" || codeOf(got[2]) != "table_inconnue" {
		t.Errorf("the note-taker: %+v", got)
	}
	got = f.write(f.hub, neighbour, onRemark("remark_delete", one), onRemark("remark_hide", one), say(uuid.New(), "Pour une autre", `,"table":2`))
	if codeOf(got[0]) != "apport_autrui" || codeOf(got[1]) != "reserve_animateur" || codeOf(got[2]) != "champ_en_trop" {
		t.Errorf("the neighbour: %+v", got)
	}
	if got = f.write(f.hub, animateur, onRemark("remark_delete", one)); codeOf(got[0]) != "apport_autrui" {
		t.Errorf("the animateur deletes what a resident said: %+v", got)
	}
	second := newNode(t, f.store)
	for who, want := range map[*live.Author][]string{
		&animateur: {"Le hall est occupé", "Écrit sur papier"}, &author: {"Le hall est occupé"},
		&neighbour: {"Le hall est occupé"}, &elsewhere: {"Écrit sur papier"},
	} {
		for _, hub := range []*live.Hub{f.hub, second} {
			if got := f.heard(hub, *who); !slices.Equal(got, want) {
				t.Errorf("table %d hears %q, want %q", who.Table, got, want)
			}
		}
	}
	entries, _, err := f.hub.Entries(t.Context(), f.atelier, live.Viewer{Participant: elsewhere.Participant, Table: 2}, 0, 100)
	if err != nil || len(entries) != 3 || entries[1].Kind != "noop" || entries[1].Text != "" || entries[2].Text != "Écrit sur papier" {
		t.Errorf("the other table replays %+v, %v", entries, err)
	}
	f.write(f.hub, animateur, onRemark("remark_hide", one))
	if got := f.heard(f.hub, neighbour); len(got) != 0 {
		t.Errorf("hidden, it is still heard: %q", got)
	}
	if got := f.heard(f.hub, author); len(got) != 1 {
		t.Errorf("its author no longer reads it: %q", got)
	}
	entries, _, err = f.hub.Entries(t.Context(), f.atelier, live.Viewer{Participant: neighbour.Participant, Table: 1}, 0, 100)
	if err != nil || entries[1].Kind != "noop" || entries[3].Kind != "remark_hide" {
		t.Errorf("hidden, it is replayed: %+v, %v", entries, err)
	}
}

// TestDotsAreCounted: five dots a resident, taken back when a finding goes,
// seen by nobody else.
func TestDotsAreCounted(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	one, two := f.habitant(1), f.habitant(2)
	first, second := f.finding(1), f.finding(2)
	got := f.write(f.hub, one, give(first, 3), give(second, 3), give(second, 2), give(first, 4), give(uuid.New(), 1))
	if got[0].Seq != 1 || codeOf(got[1]) != "points_epuises" || got[2].Seq != 2 || codeOf(got[3]) != "points_epuises" || codeOf(got[4]) != "constat_inconnu" {
		t.Errorf("receipts %+v", got)
	}
	if got = f.write(f.hub, animateur, give(first, 1)); codeOf(got[0]) != "table_requise" {
		t.Errorf("the animateur votes: %+v", got)
	}
	f.write(f.hub, two, give(first, 1), give(first, 0), give(second, 5))
	score := func() map[uuid.UUID][2]int {
		all, err := f.store.Findings(t.Context(), f.atelier.Territoire, store.FindingFilter{Atelier: f.atelier.ID})
		if err != nil {
			t.Fatal(err)
		}
		out := map[uuid.UUID][2]int{}
		for _, x := range all {
			out[x.ID] = [2]int{x.Dots, x.Voters}
		}
		return out
	}
	if s := score(); s[first] != [2]int{3, 1} || s[second] != [2]int{7, 2} {
		t.Errorf("dots and voters %v, want 3 by 1 and 7 by 2", s)
	}
	s, err := f.hub.Snapshot(t.Context(), f.atelier, live.Viewer{Participant: two.Participant, Table: 2})
	if err != nil || len(s.Votes) != 1 || s.Votes[0].Finding != second || s.Votes[0].Dots != 5 {
		t.Errorf("a resident reads the votes %+v, %v", s.Votes, err)
	}
	if _, _, err := f.store.PutFinding(t.Context(), atelier.Finding{Territoire: f.atelier.Territoire, ID: second, Atelier: f.atelier.ID, Rang: 2,
		Titre: "Constat 2", Withdrawn: true}, 1); err != nil {
		t.Fatal(err)
	}
	if got = f.write(f.hub, two, give(second, 1), give(first, 5)); codeOf(got[0]) != "constat_inconnu" || got[1].Seq == 0 {
		t.Errorf("after the second was withdrawn: %+v", got)
	}
}

// TestCloseNeedsAnswers: closing names the findings without an answer; a
// refusal with its reason is an answer; what was answered is kept with its hash
// and changes no more.
func TestCloseNeedsAnswers(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	first, second := f.finding(1), f.finding(2)
	freeze := fmt.Sprintf(`{"id":%q,"kind":"freeze"}`, uuid.New())
	got := f.write(f.hub, animateur, freeze)
	if codeOf(got[0]) != "constats_sans_reponse" || !strings.Contains(fmt.Sprint(fault.As(got[0].Problem).Extra["findings"]), second.String()) {
		t.Fatalf("closed with two findings unanswered: %+v", got)
	}
	act := func(state atelier.ActionState, of ...uuid.UUID) {
		t.Helper()
		a := atelier.Action{Territoire: f.atelier.Territoire, ID: uuid.New(), Quartier: "AA", Atelier: f.atelier.ID, Code: "REN",
			Titre: "Réponse", State: state, Findings: of}
		if _, _, err := f.store.AddAction(t.Context(), a, atelier.ActionEvent{ID: uuid.New(), State: state, Role: "animateur"}); err != nil {
			t.Fatal(err)
		}
	}
	act(atelier.Refused, first)
	act(atelier.Proposed, second)
	if got = f.write(f.hub, animateur, freeze); codeOf(got[0]) != "constats_sans_reponse" || strings.Contains(fmt.Sprint(fault.As(got[0].Problem).Extra), first.String()) {
		t.Errorf("what is only proposed closes: %+v", got)
	}
	if _, err := f.store.FrozenAnswersOf(t.Context(), f.atelier.Territoire, f.atelier.ID); fault.KindOf(err) != fault.NotFound {
		t.Errorf("answers are frozen before the end: %v", err)
	}
	act(atelier.Planned, first, second)
	if got = f.write(f.hub, animateur, freeze); got[0].Seq != 1 || got[0].Problem != nil {
		t.Fatalf("answered, it does not close: %+v", got)
	}
	kept, err := f.store.FrozenAnswersOf(t.Context(), f.atelier.Territoire, f.atelier.ID)
	if err != nil || len(kept.Hash) != 64 || !strings.Contains(kept.Text, second.String()) || strings.Index(kept.Text, first.String()) > strings.Index(kept.Text, second.String()) {
		t.Errorf("kept %+v, %v", kept, err)
	}
	entries, _, err := f.hub.Entries(t.Context(), f.atelier, live.Viewer{Staff: true}, 0, 10)
	if err != nil || len(entries) != 1 || entries[0].Answers != kept.Hash {
		t.Errorf("the log says %+v, %v; want the hash %s", entries, err, kept.Hash)
	}
	if _, _, err := f.store.PutFinding(t.Context(), atelier.Finding{Territoire: f.atelier.Territoire, ID: uuid.New(), Atelier: f.atelier.ID, Rang: 3, Titre: "Trop tard"}, 0); fault.As(err) == nil || fault.As(err).Code != "atelier_clos" {
		t.Errorf("a finding after the end: %v", err)
	}
	if err := f.hub.TellFindings(t.Context(), f.atelier, "animateur"); err != nil {
		t.Errorf("a closed room is told: %v", err)
	}
}

// TestAReunionHasFewerSteps: a step that its kind does not have is not opened,
// and the evening goes on.
func TestAReunionHasFewerSteps(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	var err error
	f.atelier.ID, f.atelier.Kind = uuid.New(), "reunion"
	if f.atelier, _, err = f.store.AddAtelier(t.Context(), f.atelier, 1); err != nil {
		t.Fatal(err)
	}
	for step, want := range []string{"", "", "", "etape_absente", "", "", "etape_absente", "etape_absente"} {
		if got := codeOf(f.write(f.hub, animateur, fmt.Sprintf(`{"id":%q,"kind":"step","step":%d,"minutes":5}`, uuid.New(), step))[0]); got != want {
			t.Errorf("step %d: %q, want %q", step, got, want)
		}
	}
}
