package edition

import "quietude/geo/hexgrid"

// Bounds of k, the least number of people behind a published number. A city
// may raise it from MinThreshold, never lower it.
const (
	MinThreshold = 5
	MaxThreshold = 50
)

// Felt is how a resident feels at a place: the one dimension of an edition.
type Felt string

// The two felts, with the codes that are stored.
const (
	Unsafe Felt = "unsafe"
	Safe   Felt = "safe"
)

// felts in the order in which they are written.
var felts = [...]Felt{Unsafe, Safe}

func (f Felt) index() int {
	for i, known := range felts {
		if f == known {
			return i
		}
	}
	return -1
}

// Voice is one marker of one person. Several voices of a person in a hexagon
// with the same felt count once.
type Voice struct {
	// Contributor is the pseudonym, opaque and never empty.
	Contributor string
	Felt        Felt
	// Cells is the footprint at hexgrid.Stored, never empty. What lies outside
	// the quartier's list is not counted.
	Cells []hexgrid.Cell
}

// Daypart is one of the eight parts of a week.
type Daypart string

// The dayparts, in order.
const (
	WeekdayMorning   Daypart = "weekday_morning"
	WeekdayAfternoon Daypart = "weekday_afternoon"
	WeekdayEvening   Daypart = "weekday_evening"
	WeekdayNight     Daypart = "weekday_night"
	WeekendMorning   Daypart = "weekend_morning"
	WeekendAfternoon Daypart = "weekend_afternoon"
	WeekendEvening   Daypart = "weekend_evening"
	WeekendNight     Daypart = "weekend_night"
)

// Dayparts returns the eight, in order.
func Dayparts() []Daypart {
	return []Daypart{WeekdayMorning, WeekdayAfternoon, WeekdayEvening, WeekdayNight,
		WeekendMorning, WeekendAfternoon, WeekendEvening, WeekendNight}
}

// Said is what a person said about the quartier as a whole. A person counts
// once per theme and once per daypart, in however many Said.
type Said struct {
	Contributor string
	Themes      []string // of Request.Themes
	Dayparts    []Daypart
}

// Request is all that an edition depends on.
type Request struct {
	Claim Claim
	// Resolution is Broad or Fine, not finer than the source's Finest.
	Resolution hexgrid.Resolution
	// Cells is the quartier's list at Fine, whatever Resolution, as Partition
	// gives it.
	Cells []hexgrid.Cell
	// Addresses gives the number of addresses of every cell of Cells; nil when
	// they are not known.
	Addresses map[hexgrid.Cell]int
	// Threshold is the city's k, MinThreshold to MaxThreshold.
	Threshold int
	Key       Key
	Voices    []Voice
	// Themes is the fixed list of theme codes of the strip, at least two,
	// chosen before anything is counted; nil for no strip of themes.
	Themes []string
	Said   []Said
}

func (r Request) check() error {
	switch {
	case r.Claim.numero == 0:
		return refuse(NotClaimed)
	case r.Threshold < MinThreshold:
		return &Refusal{ThresholdTooLow, MinThreshold}
	case r.Threshold > MaxThreshold:
		return &Refusal{ThresholdTooHigh, MaxThreshold}
	case len(r.Key.secret) < MinKeyBytes:
		return &Refusal{KeyTooShort, MinKeyBytes}
	case r.Resolution != Broad && r.Resolution != Fine, r.Resolution > r.Claim.source.Finest():
		return refuse(WrongResolution)
	case !distinctCells(r.Cells, Fine):
		return refuse(InvalidCells)
	case !r.addressesComplete():
		return refuse(IncompleteAddress)
	case !themesValid(r.Themes):
		return refuse(InvalidStrip)
	}
	return nil
}

// addressesComplete refuses a partial count: a hexagon that is missing from it
// would pass for a hexagon without addresses.
func (r Request) addressesComplete() bool {
	if r.Addresses == nil {
		return true
	}
	for _, c := range r.Cells {
		if n, known := r.Addresses[c]; !known || n < 0 {
			return false
		}
	}
	return len(r.Addresses) == len(r.Cells)
}

func themesValid(codes []string) bool {
	seen := map[string]bool{}
	for _, code := range codes {
		if !plainCode.MatchString(code) || seen[code] {
			return false
		}
		seen[code] = true
	}
	return len(codes) != 1
}
