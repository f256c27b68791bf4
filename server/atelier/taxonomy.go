package atelier

import (
	"slices"

	"quietude/server/fault"
)

// Theme is a family of troubles; the codes are stable and stored.
type Theme string

// Themes are the ten families, in the order in which they are shown.
var Themes = []Theme{"BRU", "OCC", "STU", "DEG", "CIR", "PRO", "AMB", "VIO", "VOL", "VOI"}

// Felt says how a resident feels at a place.
type Felt string

// The two kinds of marker.
const (
	Unsafe Felt = "unsafe"
	Safe   Felt = "safe"
)

// Valid reports whether f is one of the two.
func (f Felt) Valid() bool { return f == Unsafe || f == Safe }

// The closed lists of codes that describe a marker or a signalement. They are
// lists, not free text, so that nothing about a person can be written there.
var (
	Reasons     = []string{"light", "visibility", "people", "teams", "upkeep", "exit", "wayfinding", "mood", "groups", "traffic", "shops", "memory"}
	Moments     = []string{"day", "evening", "night"}
	Days        = []string{"weekday", "weekend"}
	Natures     = []string{"lived", "witnessed", "told", "sensed"}
	Frequencies = []string{"once", "recurrent", "daily"}
	Sinces      = []string{"week", "month", "year", "longer"}
	Places      = []string{"street", "common_parts", "parking", "transport", "park", "school"}
	Approaches  = []string{"police_17", "police_municipale", "bailleur", "mairie", "none"}
)

// The longest texts, in characters (Unicode code points), as the database
// keeps them.
const (
	NoteLimit     = 280
	TitreLimit    = 160 // of an atelier's titre, and of its lieu
	SubthemeLimit = 120
)

// CheckTheme refuses a code that is not one of Themes.
func CheckTheme(t Theme, field string) error {
	if !slices.Contains(Themes, t) {
		return fault.New(fault.Invalid, "theme_inconnu", "Ce thème n’existe pas.").At(field)
	}
	return nil
}

func checkCode(code string, list []string, field string) error {
	if code != "" && !slices.Contains(list, code) {
		return fault.New(fault.Invalid, "valeur_inconnue", "Cette valeur n’est pas dans la liste proposée.").At(field)
	}
	return nil
}

func checkCodes(codes, list []string, field string) error {
	for i, c := range codes {
		if c == "" || !slices.Contains(list, c) || slices.Contains(codes[:i], c) {
			return fault.New(fault.Invalid, "valeur_inconnue", "Cette valeur n’est pas dans la liste proposée, ou s’y trouve deux fois.").At(field)
		}
	}
	return nil
}
