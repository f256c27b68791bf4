package hexstat

import "math"

// Reason says why a figure does not exist. The codes are stable, for programs;
// the sentence a person reads is made at the edge.
type Reason string

// The reasons.
const (
	InvalidInput        Reason = "invalid_input"        // NaN, negative counts, u > n, slices of unequal length
	NoData              Reason = "no_data"              // n = 0, or nothing to divide by
	NoEvents            Reason = "no_events"            // nothing was counted, so nothing can be compared
	NoReferenceEvents   Reason = "no_reference_events"  // the count one would divide by is zero
	NoPopulation        Reason = "no_population"        // exposure is zero
	TooFewParticipants  Reason = "too_few_participants" // "trop peu de participants pour un test"
	TooFewHexagons      Reason = "too_few_hexagons"     // a variance needs more places
	ConstantField       Reason = "constant_field"       // every hexagon has the same value: no variance
	NoNeighbours        Reason = "no_neighbours"        // an island hexagon
	CoversEverything    Reason = "covers_everything"    // the window is the whole map: nothing to compare with
	Unbounded           Reason = "unbounded"            // the limit is infinite
	NeverVisible        Reason = "never_visible"        // no change at this n could be significant
	TooManyArrangements Reason = "too_many_arrangements"
)

// Result is a value or the reason why there is none. Exactly one of the two is
// set. In JSON: {"value": …} or {"value": null, "reason": "constant_field"}.
type Result[T any] struct {
	Value  *T     `json:"value"`
	Reason Reason `json:"reason,omitempty"`
}

// Known wraps a value that could be computed.
func Known[T any](v T) Result[T] { return Result[T]{Value: &v} }

// Unknown is the absence of a value, with its reason.
func Unknown[T any](why Reason) Result[T] { return Result[T]{Reason: why} }

// Get returns the value and true, or the zero value and false.
func (r Result[T]) Get() (T, bool) {
	if r.Value == nil {
		var zero T
		return zero, false
	}
	return *r.Value, true
}

// Interval is a pair of finite limits, Lo ≤ Hi.
type Interval struct {
	Lo float64 `json:"lo"`
	Hi float64 `json:"hi"`
}

// Contains tells whether v lies in the closed interval.
func (i Interval) Contains(v float64) bool { return i.Lo <= v && v <= i.Hi }

// RatioInterval is an interval of a ratio. Its upper limit is [Unbounded] when
// the reference count is zero.
type RatioInterval struct {
	Lo float64         `json:"lo"`
	Hi Result[float64] `json:"hi"`
}

// Contains tells whether v lies in the closed interval.
func (i RatioInterval) Contains(v float64) bool {
	hi, bounded := i.Hi.Get()
	return i.Lo <= v && (!bounded || v <= hi)
}

// bounded turns an infinite limit into its reason.
func bounded(v float64) Result[float64] {
	if math.IsInf(v, 0) {
		return Unknown[float64](Unbounded)
	}
	return Known(v)
}

// finite tells apart a number from NaN and the infinities, which enter this
// package but never leave it.
func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// maxCount is more people than one comparison will ever hold: beyond, a count is a mistake, and
// the exact methods, whose cost grows with it, must not be asked.
const maxCount = 1_000_000

// validCounts tells whether all are in [0, maxCount].
func validCounts(counts ...int) bool {
	for _, c := range counts {
		if c < 0 || c > maxCount {
			return false
		}
	}
	return true
}

// Exposures outside these limits, in people or person-days, are mistakes; inside
// them no rate overflows.
const (
	minExposure = 1e-9
	maxExposure = 1e15
)

// exposureProblem is "" for an exposure one may divide by.
func exposureProblem(e float64) Reason {
	switch {
	case !(e >= 0 && e <= maxExposure):
		return InvalidInput
	case e < minExposure:
		return NoPopulation
	}
	return ""
}

func allUnknown[T any](n int, why Reason) []Result[T] {
	out := make([]Result[T], n)
	for i := range out {
		out[i] = Unknown[T](why)
	}
	return out
}
