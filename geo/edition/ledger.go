package edition

import (
	"regexp"
	"slices"
	"time"
)

// Day is a civil day of the territoire, "2025-03-14"; byte order is time order.
type Day string

func (d Day) valid() bool {
	t, err := time.Parse(time.DateOnly, string(d))
	return err == nil && t.Format(time.DateOnly) == string(d)
}

// Evening is one closed atelier.
type Evening struct {
	ID  string // of the atelier, opaque, never published
	Day Day    // on which it was held
}

// Source is what an edition counts: either closed ateliers, or everything felt
// during a closed period.
type Source struct {
	Ateliers []Evening
	// From is the first day of the period, To the first day after it.
	From, To Day
}

func (s Source) isPeriod() bool { return len(s.Ateliers) == 0 }

func (s Source) check() error {
	if s.isPeriod() {
		switch {
		case s.From == "" || s.To == "":
			return refuse(InvalidSource)
		case !s.From.valid() || !s.To.valid():
			return refuse(InvalidDay)
		case s.From >= s.To:
			return refuse(InvalidSource)
		}
		return nil
	}
	if s.From != "" || s.To != "" {
		return refuse(InvalidSource)
	}
	seen := map[string]bool{}
	for _, evening := range s.Ateliers {
		if evening.ID == "" || seen[evening.ID] {
			return refuse(InvalidSource)
		}
		if !evening.Day.valid() {
			return refuse(InvalidDay)
		}
		seen[evening.ID] = true
	}
	return nil
}

func (s Source) closed(today Day) bool {
	return s.To <= today && !slices.ContainsFunc(s.Ateliers, func(e Evening) bool { return e.Day > today })
}

// meets says that the same voice could be counted by both sources: an atelier
// in both, periods that share a day, or an atelier held during a period.
func (s Source) meets(other Source) bool {
	if s.isPeriod() && other.isPeriod() {
		return s.From < other.To && other.From < s.To
	}
	return slices.ContainsFunc(s.Ateliers, func(e Evening) bool {
		if other.isPeriod() {
			return other.From <= e.Day && e.Day < other.To
		}
		return slices.ContainsFunc(other.Ateliers, func(o Evening) bool { return o.ID == e.ID })
	}) || !other.isPeriod() && s.isPeriod() && other.meets(s)
}

func (s Source) clone() Source {
	s.Ateliers = slices.Clone(s.Ateliers)
	return s
}

// Ledger remembers what the editions of one quartier have counted. Sliding
// windows, cumulative editions and periods cut anew all publish some voices
// twice, and the difference of two editions is then a count that neither
// would show; the ledger refuses the second one.
type Ledger struct {
	territoire, quartier string
	spent                []Source
}

var (
	territoireCode = regexp.MustCompile(`^[0-9][0-9AB][0-9]{3}$`)
	plainCode      = regexp.MustCompile(`^[A-Z0-9_-]{1,12}$`)
)

// NewLedger takes the sources of all editions of the quartier in the order of
// their numbers, withdrawn ones included: what was once public cannot be made
// unknown. It refuses InvalidCode, what no Claim would accept, and
// AlreadyCounted when two of them meet.
func NewLedger(territoire, quartier string, spent []Source) (Ledger, error) {
	if !territoireCode.MatchString(territoire) || !plainCode.MatchString(quartier) {
		return Ledger{}, refuse(InvalidCode)
	}
	l := Ledger{territoire: territoire, quartier: quartier}
	for _, source := range spent {
		if err := l.admit(source); err != nil {
			return Ledger{}, err
		}
		l.spent = append(l.spent, source.clone())
	}
	return l, nil
}

func (l Ledger) admit(source Source) error {
	if err := source.check(); err != nil {
		return err
	}
	if slices.ContainsFunc(l.spent, source.meets) {
		return refuse(AlreadyCounted)
	}
	return nil
}

// Claim is the right to build one edition: its quartier, number and source. The
// zero Claim is refused by Build; only a ledger makes others.
type Claim struct {
	territoire, quartier string
	numero               int
	source               Source
}

// Numero is the number that the edition will bear, from 1 in each quartier.
func (c Claim) Numero() int { return c.numero }

// Claim gives the next number to a source, or refuses it: InvalidSource,
// InvalidDay, NotClosed (today is the civil day of the territoire),
// AlreadyCounted. Two claims on the same ledger have the same number: the
// caller stores the edition and its source in one transaction, with quartier
// and number unique.
func (l Ledger) Claim(source Source, today Day) (Claim, error) {
	if !today.valid() {
		return Claim{}, refuse(InvalidDay)
	}
	if err := l.admit(source); err != nil {
		return Claim{}, err
	}
	if !source.closed(today) {
		return Claim{}, refuse(NotClosed)
	}
	source = source.clone()
	slices.SortFunc(source.Ateliers, func(a, b Evening) int {
		if a.Day != b.Day {
			return compare(a.Day, b.Day)
		}
		return compare(a.ID, b.ID)
	})
	return Claim{l.territoire, l.quartier, len(l.spent) + 1, source}, nil
}

func compare[T ~string](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
