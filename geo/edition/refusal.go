package edition

import "strconv"

// Reason says in one stable English word why a request was refused. The
// sentence shown to people is made elsewhere.
type Reason string

// Reasons of a Refusal.
const (
	ThresholdTooLow    Reason = "threshold_too_low"    // k below Limit
	ThresholdTooHigh   Reason = "threshold_too_high"   // k above Limit
	KeyTooShort        Reason = "key_too_short"        // fewer than Limit bytes
	InvalidCode        Reason = "invalid_code"         // a territoire, quartier or theme that is no code
	InvalidDay         Reason = "invalid_day"          // not a day such as 2025-03-14
	InvalidSource      Reason = "invalid_source"       // neither evenings nor a period, or both, or an empty period
	NotClosed          Reason = "not_closed"           // a period or an evening that is not over
	AlreadyCounted     Reason = "already_counted"      // an evening or a day that an earlier edition counted
	NotClaimed         Reason = "not_claimed"          // a request without the claim of a ledger
	WrongResolution    Reason = "wrong_resolution"     // finer than the source allows, or not one of editions
	InvalidCells       Reason = "invalid_cells"        // an empty list, or a cell that is invalid, repeated or of another resolution
	IncompleteAddress  Reason = "incomplete_addresses" // addresses that do not cover exactly the listed cells, or below 0
	InvalidContributor Reason = "invalid_contributor"  // a voice of nobody
	InvalidFelt        Reason = "invalid_felt"         // neither unsafe nor safe
	InvalidFootprint   Reason = "invalid_footprint"    // a voice without cells, or with one that is not of the stored resolution
	InvalidStrip       Reason = "invalid_strip"        // fewer than two themes, a theme twice, or an item outside the lists
	InvalidText        Reason = "invalid_text"         // bytes that are no canonical text of an edition
	HashMismatch       Reason = "hash_mismatch"        // bytes that are not those that were hashed
)

// AllReasons lists every Reason once, so that a table of sentences can be
// checked for completeness.
var AllReasons = []Reason{
	ThresholdTooLow, ThresholdTooHigh, KeyTooShort, InvalidCode, InvalidDay, InvalidSource, NotClosed,
	AlreadyCounted, NotClaimed, WrongResolution, InvalidCells, IncompleteAddress, InvalidContributor,
	InvalidFelt, InvalidFootprint, InvalidStrip, InvalidText, HashMismatch,
}

// Refusal is the one error type of the package. It never carries a position, a
// pseudonym or a count of voices: it may be logged and shown to staff. It is
// not for the public, to whom an edition exists or does not.
type Refusal struct {
	Reason Reason
	// Limit is the bound that was exceeded; 0 when none.
	Limit int
}

func (r *Refusal) Error() string {
	s := "edition: " + string(r.Reason)
	if r.Limit > 0 {
		s += " (limit " + strconv.Itoa(r.Limit) + ")"
	}
	return s
}

func refuse(r Reason) error { return &Refusal{Reason: r} }
