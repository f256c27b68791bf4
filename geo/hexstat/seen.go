package hexstat

import "time"

// HeardHexagon is a hexagon where residents spoke, and whether anyone answered.
type HeardHexagon struct {
	Voices   int       // distinct people
	Answered bool      // at least one action is linked to it
	Since    time.Time // when the first voice was heard
}

// Seen answers « Vu ? »: is what residents say seen?
type Seen struct {
	Voices   int `json:"voices"`
	Answered int `json:"answered"` // voices in hexagons with at least one action
	// Share is Answered/Voices and Interval its 95 % Wilson interval; [NoData]
	// when nobody spoke.
	Share    Result[float64]  `json:"share"`
	Interval Result[Interval] `json:"interval"`
	// OldestUnansweredDays is for how many full days of 24 hours the oldest
	// unanswered hexagon has been waiting; [NoEvents] when all were answered.
	OldestUnansweredDays Result[int] `json:"oldest_unanswered_days"`
}

// SeenShare is the share of voices that lie in a hexagon with at least one
// linked action, as of now. Hexagons without voices do not count. A negative
// number of voices, or a first voice after now, makes everything [InvalidInput].
func SeenShare(hexagons []HeardHexagon, now time.Time) Seen {
	var s Seen
	oldest := time.Duration(-1)
	for _, h := range hexagons {
		if h.Voices < 0 || (h.Voices > 0 && h.Since.After(now)) {
			return Seen{
				Share:                Unknown[float64](InvalidInput),
				Interval:             Unknown[Interval](InvalidInput),
				OldestUnansweredDays: Unknown[int](InvalidInput),
			}
		}
		s.Voices += h.Voices
		switch {
		case h.Voices == 0:
		case h.Answered:
			s.Answered += h.Voices
		default:
			oldest = max(oldest, now.Sub(h.Since))
		}
	}
	s.Interval = Wilson(s.Answered, s.Voices, Level95)
	s.Share = Unknown[float64](NoData)
	if s.Voices > 0 {
		s.Share = Known(float64(s.Answered) / float64(s.Voices))
	}
	s.OldestUnansweredDays = Unknown[int](NoEvents)
	if oldest >= 0 {
		s.OldestUnansweredDays = Known(int(oldest / (24 * time.Hour)))
	}
	return s
}
