package atelier

import (
	"time"

	"quietude/server/fault"
)

// Conservation is how long a territoire keeps what residents gave, in months.
type Conservation struct {
	// Text: free texts, from the end of the atelier or the receipt of the
	// signalement.
	Text int
	// Position: exact positions; then the centre of the cell at resolution 11.
	Position int
	// Contact: what somebody left to be written to.
	Contact int
}

// DefaultConservation holds where a territoire has decided nothing else.
var DefaultConservation = Conservation{Text: 12, Position: 24, Contact: 12}

// LongestConservation bounds what a territoire may decide.
var LongestConservation = Conservation{Text: 24, Position: 36, Contact: 24}

// Check refuses durations that are not in the bounds.
func (c Conservation) Check() error {
	for _, v := range []struct {
		field        string
		months, most int
	}{
		{"text_months", c.Text, LongestConservation.Text},
		{"position_months", c.Position, LongestConservation.Position},
		{"contact_months", c.Contact, LongestConservation.Contact},
	} {
		if v.months < 1 || v.months > v.most {
			return fault.New(fault.Invalid, "duree_hors_bornes", "La durée va de 1 à %d mois.", v.most).At(v.field)
		}
	}
	return nil
}

// Before gives the moments before which texts, positions and contacts are past
// their retention.
func (c Conservation) Before(now time.Time) (text, position, contact time.Time) {
	return now.AddDate(0, -c.Text, 0), now.AddDate(0, -c.Position, 0), now.AddDate(0, -c.Contact, 0)
}
