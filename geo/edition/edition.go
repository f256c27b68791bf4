package edition

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"quietude/geo/hexgrid"
)

// Hexagon is a published hexagon: at least one of its classes is not absent.
type Hexagon struct {
	cell    hexgrid.Cell
	members []hexgrid.Cell
	classes [len(felts)]Class
}

// Cell is the hexagon: of the edition's resolution, or coarser where few
// addresses made it merge. On a border another quartier may publish its own
// part of the same hexagon: the key of a city-wide map is quartier and cell.
func (h Hexagon) Cell() hexgrid.Cell { return h.cell }

// Members are the hexagons of resolution Fine that the classes are about,
// sorted. Their union is what to draw: the outline of Cell also holds ground of
// other quartiers.
func (h Hexagon) Members() []hexgrid.Cell { return slices.Clone(h.members) }

// Unsafe is the class of the people who feel unsafe there.
func (h Hexagon) Unsafe() Class { return h.classes[0] }

// Safe is the class of the people who feel safe there.
func (h Hexagon) Safe() Class { return h.classes[1] }

// The readings of a published hexagon.
const (
	ReadUnsafe    = "unsafe"
	ReadSafe      = "safe"
	ReadContested = "contested"
)

// Reading says in one word what is published of the hexagon: one felt, or both.
// It is a function of the classes alone.
func (h Hexagon) Reading() string {
	switch {
	case h.Safe().Absent():
		return ReadUnsafe
	case h.Unsafe().Absent():
		return ReadSafe
	}
	return ReadContested
}

// Bar is the class of the people who named one theme or daypart.
type Bar struct {
	code  string
	class Class
}

// Code of the theme or daypart.
func (b Bar) Code() string { return b.code }

// Class is never absent: a strip has all its bars or does not exist.
func (b Bar) Class() Class { return b.class }

// Edition is what may be published of one quartier and source. It is
// immutable; the zero Edition is empty and not Valid. Its fields hold classes
// and public facts only: no count, no pseudonym, no key.
type Edition struct {
	territoire, quartier string
	numero               int
	days                 []Day // of the ateliers; nil for a period
	from, to             Day   // of the period; empty for ateliers
	resolution           hexgrid.Resolution
	k                    int
	addressRule          bool
	themes, dayparts     []Bar
	hexagons             []Hexagon // sorted by cell
	canonical            string
	hash                 string
}

// Build counts the voices of the request and keeps what may be published. The
// same request gives the same bytes, in whatever order its lists come.
//
// It refuses with a *Refusal what is malformed. The refusal may depend on what
// was said, hence it is for staff only. An edition in which nothing reached
// its threshold is an edition like another.
func Build(r Request) (Edition, error) {
	if err := r.check(); err != nil {
		return Edition{}, err
	}
	units := mergePattern(r.Cells, r.Resolution, r.Addresses)
	counts, err := countVoices(units, r.Voices)
	if err != nil {
		return Edition{}, err
	}
	themes, err := strip(r, "theme", r.Themes, func(s Said) []string { return s.Themes })
	if err != nil {
		return Edition{}, err
	}
	dayparts, err := strip(r, "daypart", Dayparts(), func(s Said) []Daypart { return s.Dayparts })
	if err != nil {
		return Edition{}, err
	}
	e := Edition{
		territoire: r.Claim.territoire, quartier: r.Claim.quartier, numero: r.Claim.numero,
		from: r.Claim.source.From, to: r.Claim.source.To,
		resolution: r.Resolution, k: r.Threshold, addressRule: r.Addresses != nil,
		themes: themes, dayparts: dayparts,
		hexagons: publishable(r, units, counts),
	}
	for _, evening := range r.Claim.source.Ateliers {
		e.days = append(e.days, evening.Day)
	}
	return e.sealed(), nil
}

// publishable is each unit with a class, judged by itself alone.
func publishable(r Request, units []unit, counts [][len(felts)]int) []Hexagon {
	var out []Hexagon
	for i, u := range units {
		h := Hexagon{cell: u.cell, members: u.members}
		for f, felt := range felts {
			h.classes[f] = classOf(counts[i][f], r.Threshold, r.Key.threshold(r.Threshold, hexagonSubject(u.cell, felt)))
		}
		if h.classes != [len(felts)]Class{} {
			out = append(out, h)
		}
	}
	return out
}

func hexagonSubject(c hexgrid.Cell, f Felt) string { return "hexagon " + c.String() + " " + string(f) }

// strip is one bar per code, or nil when one of them is below its threshold.
func strip[Code ~string](r Request, name string, codes []Code, of func(Said) []Code) ([]Bar, error) {
	counts, err := countSaid(codes, r.Said, of)
	if err != nil {
		return nil, err
	}
	var bars []Bar
	for i, code := range codes {
		class := classOf(counts[i], r.Threshold, r.Key.threshold(r.Threshold, name+" "+string(code)))
		if class.Absent() {
			return nil, nil
		}
		bars = append(bars, Bar{string(code), class})
	}
	return bars, nil
}

// sealed fixes the canonical text and its hash.
func (e Edition) sealed() Edition {
	e.canonical = e.text()
	sum := sha256.Sum256([]byte(e.canonical))
	e.hash = hex.EncodeToString(sum[:])
	return e
}

// Valid says that the edition was made by Build or Read.
func (e Edition) Valid() bool { return e.numero > 0 }

// Territoire is the INSEE code of the commune.
func (e Edition) Territoire() string { return e.territoire }

// Quartier is its code in the territoire.
func (e Edition) Quartier() string { return e.quartier }

// Numero counts the editions of the quartier from 1.
func (e Edition) Numero() int { return e.numero }

// Days of the ateliers that it merges, in order; empty for a period.
func (e Edition) Days() []Day { return slices.Clone(e.days) }

// Period is its first day and the first day after it; false for ateliers.
func (e Edition) Period() (from, to Day, ok bool) { return e.from, e.to, e.from != "" }

// Resolution of its hexagons; merged ones are coarser.
func (e Edition) Resolution() hexgrid.Resolution { return e.resolution }

// Threshold is the city's k. The exact thresholds are secret.
func (e Edition) Threshold() int { return e.k }

// AddressRule says that addresses were known and MinAddresses applied.
func (e Edition) AddressRule() bool { return e.addressRule }

// Hexagons are the published ones, sorted by cell. One that is not there has
// no voice or too few: nothing tells which.
func (e Edition) Hexagons() []Hexagon { return slices.Clone(e.hexagons) }

// Themes is the strip of themes; empty when absent.
func (e Edition) Themes() []Bar { return slices.Clone(e.themes) }

// Dayparts is the strip of the eight dayparts; empty when absent.
func (e Edition) Dayparts() []Bar { return slices.Clone(e.dayparts) }

// Canonical is the whole edition as text; see text for its grammar.
func (e Edition) Canonical() []byte { return []byte(e.canonical) }

// Hash is SHA-256 of Canonical, lower-case hexadecimal.
func (e Edition) Hash() string { return e.hash }

// Omission is a rule by which something may be missing from an edition.
type Omission string

// Omissions are the rules of every edition. They are the same whether or not
// anything was left out: to say that something was would say that somebody
// spoke there.
var Omissions = [...]Omission{
	"hexagons_below_threshold_are_absent",
	"hexagons_with_few_addresses_appear_in_their_parent",
	"places_outside_the_list_are_not_counted",
	"strips_below_threshold_are_absent",
	"counts_are_classes_with_a_secret_margin",
	"colluding_participants_may_learn_of_others",
}
