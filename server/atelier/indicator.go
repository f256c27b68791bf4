package atelier

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// AnswerMonths is how long an authority may take to decide about a finding before
// the indicator counts it as late. No evening is closed while a finding has no
// answer at all: counted from any answer, the indicator would be 100 % for ever.
const AnswerMonths = 6

// Indicators are what a CLSPDR reports of its ateliers.
type Indicators struct {
	Ateliers     int // closed
	Reunions     int // réunions spécifiques, closed
	Participants int // residents who joined one of them; who comes twice counts twice
	Findings     int // of closed meetings, not withdrawn
	Answered     int // of Findings: an authority has committed itself
	// Due are the findings written at least AnswerMonths ago, InTime those of
	// them about which an authority decided (Decides) within AnswerMonths, by an
	// action that still stands.
	Due, InTime int
	ByState     map[ActionState]int
	Late        int // actions that are not settled after their échéance
	Done        int // actions done or verified
	// MedianDays is the median time from the first state of an action to the
	// day it was done; nil when none is done.
	MedianDays *int
}

// Actions are all of them, whatever their state.
func (n Indicators) Actions() (sum int) {
	for _, count := range n.ByState {
		sum += count
	}
	return sum
}

// Indicate counts. today is the day in the territoire, at 00:00 UTC; history is
// that of the actions, which are all those that answer the findings.
func Indicate(today time.Time, meetings []Atelier, findings []Finding, actions []Action, history map[uuid.UUID][]ActionEvent) Indicators {
	n := Indicators{ByState: map[ActionState]int{}}
	closed := map[uuid.UUID]bool{}
	for _, a := range meetings {
		if a.State != "closed" {
			continue
		}
		closed[a.ID] = true
		n.Participants += a.Participants
		if a.Kind == "reunion" {
			n.Reunions++
		} else {
			n.Ateliers++
		}
	}
	decided := map[uuid.UUID]time.Time{} // finding → first decision
	var days []int
	for _, x := range actions {
		n.ByState[x.State]++
		if x.Late(today) {
			n.Late++
		}
		events := history[x.ID]
		if x.DoneOn != nil && len(events) > 0 {
			n.Done++
			days = append(days, max(0, int(x.DoneOn.Sub(events[0].At.UTC().Truncate(24*time.Hour)).Hours()/24)))
		}
		for _, e := range events {
			if !e.State.Decides() || !x.State.Answers() {
				continue
			}
			for _, f := range x.Findings {
				if first, found := decided[f]; !found || e.At.Before(first) {
					decided[f] = e.At
				}
			}
			break // events are in order
		}
	}
	for _, f := range findings {
		if f.Withdrawn || !closed[f.Atelier] {
			continue
		}
		n.Findings++
		if f.Answered {
			n.Answered++
		}
		limit := f.CreatedAt.AddDate(0, AnswerMonths, 0)
		if limit.After(today) {
			continue
		}
		n.Due++
		if at, found := decided[f.ID]; found && !at.After(limit) {
			n.InTime++
		}
	}
	if len(days) > 0 {
		slices.Sort(days)
		median := (days[(len(days)-1)/2] + days[len(days)/2]) / 2
		n.MedianDays = &median
	}
	return n
}
