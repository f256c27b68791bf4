package atelier

import (
	"slices"
	"time"

	"quietude/geo/hexgrid"
	"quietude/server/fault"
)

// SlideKind says what a slide of the restitution shows.
type SlideKind string

// The kinds, in the order in which they are offered.
const (
	SlideMap    SlideKind = "map"    // signalements by hexagon
	SlideWeek   SlideKind = "week"   // signalements by weekday and three hours
	SlideMonths SlideKind = "months" // signalements by month
	SlideThemes SlideKind = "themes" // signalements by family
	// SlidePlaces are the hexagons of SlideMap in which signalements gather beyond
	// chance, with the names of their streets.
	SlidePlaces SlideKind = "places"
	// SlideDensity is SlideMap drawn as a surface: it is made of its numbers, so
	// that it tells no more.
	SlideDensity SlideKind = "density"
	// SlideEdition is a published edition of the quartier. It is all that a hall
	// sees of earlier evenings: other counts of theirs beside an edition would
	// tell what it hides.
	SlideEdition  SlideKind = "edition"
	SlideRecorded SlideKind = "recorded" // a recorded figure of the commune, by year
)

// counted are the kinds made of signalements.
var counted = []SlideKind{SlideMap, SlideWeek, SlideMonths, SlideThemes, SlidePlaces, SlideDensity}

// Located reports whether a slide says where signalements were.
func (k SlideKind) Located() bool {
	return k == SlideMap || k == SlidePlaces || k == SlideDensity
}

// MaxSlidePlaces is as many as a hall remembers.
const MaxSlidePlaces = 6

// SlideMoments are the parts of a day that a slide may be about: 6 to 18 h, 18
// to 22 h, 22 to 6 h, local time. A single hour of a quartier holds too few
// signalements to be shown at all.
var SlideMoments = []string{"day", "evening", "night"}

// MaxSlides is as many as a quarter of an hour has room for.
const MaxSlides = 12

// Slide is one picture of the restitution as it was asked for. It has no
// figures: they are counted when it is shown.
type Slide struct {
	Kind   SlideKind
	Theme  Theme  // "" for all
	Moment string // of SlideMoments; "" for all
	// From and To are the first and the last day, both included, as
	// 2026-03-31; "" leaves an end open.
	From, To   string
	Numero     int    // of the edition
	Indicateur string // the recorded figure
}

// Restitution is what the police shows at the third step. Version is 0 before
// anything was chosen; Shown is the rank of the slide on the wall, 0 for the
// opening page, which lists them. Recounted changes whenever something that slides
// show is taken out or put back.
type Restitution struct {
	Version   int
	Shown     int
	Recounted int
	Slides    []Slide
}

// Check holds what a slide says about itself; whether its edition exists is for
// who can look.
func (s Slide) Check() error {
	signalements := slices.Contains(counted, s.Kind)
	switch {
	case !signalements && !slices.Contains([]SlideKind{SlideEdition, SlideRecorded}, s.Kind):
		return fault.New(fault.Invalid, "diapositive_inconnue", "Ce genre de diapositive n’existe pas.").At("kind")
	case !signalements && (s.Theme != "" || s.Moment != "" || s.From != "" || s.To != ""):
		return fault.New(fault.Invalid, "diapositive_filtree", "Cette diapositive montre un résultat entier : elle n’a ni thème, ni moment, ni période.").At("kind")
	case s.Kind == SlideThemes && s.Theme != "":
		return fault.New(fault.Invalid, "diapositive_filtree", "La diapositive des thèmes les montre tous.").At("theme")
	case s.Kind == SlideWeek && s.Moment != "":
		return fault.New(fault.Invalid, "diapositive_filtree", "La diapositive des jours et des heures les montre tous.").At("moment")
	case s.Moment != "" && !slices.Contains(SlideMoments, s.Moment):
		return fault.New(fault.Invalid, "valeur_inconnue", "Ce moment de la journée n’existe pas.").At("moment")
	case s.Kind.Located() && s.Theme == "STU":
		return fault.New(fault.Invalid, "theme_sans_carte",
			"Les stupéfiants ne se montrent pas sur une carte : la salle apprendrait où, à une rue près. Les jours et heures, les mois et les thèmes restent possibles.").At("theme")
	case (s.Kind == SlideEdition) != (s.Numero > 0):
		return fault.New(fault.Invalid, "edition_absente", "Choisissez l’édition à montrer, et seulement pour une diapositive d’édition.").At("numero")
	case (s.Kind == SlideRecorded) != (s.Indicateur != ""):
		return fault.New(fault.Invalid, "indicateur_absent", "Choisissez le chiffre enregistré à montrer, et seulement pour une diapositive de chiffres enregistrés.").At("indicateur")
	}
	if s.Theme != "" {
		if err := CheckTheme(s.Theme, "theme"); err != nil {
			return err
		}
	}
	for _, end := range []struct{ field, day string }{{"from", s.From}, {"to", s.To}} {
		if _, err := time.Parse(time.DateOnly, end.day); end.day != "" && err != nil {
			return fault.New(fault.Invalid, "date_invalide", "Cette date n’existe pas.").At(end.field)
		}
	}
	if s.From != "" && s.To != "" && s.To < s.From {
		return fault.New(fault.Invalid, "periode_inversee", "La période finit avant de commencer.").At("to")
	}
	return nil
}

// Told is a slide with what the hall sees of it: numbers are published, or
// rounded down (OnWall), and what has fewer is left out. It may be kept, since
// nothing in it is about a person.
type Told struct {
	Slide
	// AtLeast is the signalements of the whole slide.
	AtLeast  int
	Day      string // the last evening of the edition, as 2026-03-31
	Until    string // the last day that was counted
	Hexagons []ToldHexagon
	Week     [][]int // from Monday: eight stretches of three hours from midnight
	Months   []ToldMonth
	Themes   []ToldTheme // most first
	Years    []ToldYear
	Unit     string   // what Years count
	Sources  []string // who publishes Years
}

// ToldHexagon is one hexagon; 0 is not told.
type ToldHexagon struct {
	Cell                       hexgrid.Cell
	Signalements, Unsafe, Safe int
}

// ToldMonth is one month, as 2026-03.
type ToldMonth struct {
	Month   string
	AtLeast int
}

// ToldTheme is one family.
type ToldTheme struct {
	Theme   Theme
	AtLeast int
}

// ToldYear is a recorded figure as it is published; nil when it is withheld.
type ToldYear struct {
	Year int
	N    *int
}

// WallStep is the step of every number on the wall, and the least one shown:
// the smallest threshold of an edition.
const WallStep = 5

// OnWall is how a number is told to the hall: rounded down to a multiple of
// WallStep, 0 for fewer, which the wall leaves out.
//
// A hall has no confidentiality: what is projected is photographed. A few
// signalements in one place could be traced to who sent them, or to one
// household. All numbers are rounded, totals included, because an exact total
// less exact parts would give back the part that was left out.
func OnWall(n float64) int {
	// Shares of a moment add up to whole numbers but for the rounding of floats.
	return int((n+1e-6)/WallStep) * WallStep
}
