package atelier

import (
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"quietude/geo/hexgrid"
	"quietude/server/fault"
)

// Signalement is what a resident reported to the city.
type Signalement struct {
	Territoire   string
	ID           uuid.UUID
	Quartier     string // "" in the surroundings of the territoire
	Position     orb.Point
	Cell         hexgrid.Cell // resolution 11
	Theme        Theme
	Subtheme     string
	Nature       string
	OccurredFrom time.Time
	OccurredTo   time.Time
	Frequency    string
	Since        string
	Place        string
	Severity     int
	Avoids       *bool
	Approached   []string
	Note         string
	Reporter     uuid.UUID // uuid.Nil when anonymous
	Origin       string    // habitant, demo, import:FORMAT
	ExternalID   string
	Receipt      []byte // ReceiptDigest; nil when nobody has one
	Demo         bool
	ReceivedAt   time.Time
}

// oldest is how far back a resident can report; imports go farther.
const oldest = 10 * 365 * 24 * time.Hour

// Check refuses a signalement from a resident whose codes, text or times are
// not right. now is the server's clock; a device may be some minutes ahead.
func (s *Signalement) Check(now time.Time) error {
	if err := CheckTheme(s.Theme, "theme"); err != nil {
		return err
	}
	for _, c := range []struct {
		code  string
		list  []string
		field string
	}{
		{s.Nature, Natures, "nature"}, {s.Frequency, Frequencies, "frequency"},
		{s.Since, Sinces, "since"}, {s.Place, Places, "place"},
	} {
		if err := checkCode(c.code, c.list, c.field); err != nil {
			return err
		}
	}
	if err := checkCodes(s.Approached, Approaches, "approached"); err != nil {
		return err
	}
	if s.Severity < 0 || s.Severity > 4 {
		return fault.New(fault.Invalid, "valeur_inconnue", "La gravité va de 1 à 4.").At("severity")
	}
	if err := checkText(s.Note, NoteLimit, "note"); err != nil {
		return err
	}
	if err := checkText(s.Subtheme, SubthemeLimit, "subtheme"); err != nil {
		return err
	}
	switch {
	case s.OccurredTo.Before(s.OccurredFrom):
		return fault.New(fault.Invalid, "date_impossible", "La fin précède le début.").At("occurred_to")
	case s.OccurredTo.After(now.Add(10 * time.Minute)):
		return fault.New(fault.Invalid, "date_future", "Cette date est dans le futur.").At("occurred_to")
	case s.OccurredFrom.Before(now.Add(-oldest)):
		return fault.New(fault.Invalid, "date_trop_ancienne", "Cette date remonte à plus de dix ans.").At("occurred_from")
	}
	return nil
}
