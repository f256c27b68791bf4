package personal

import (
	"cmp"
	"slices"
)

// Kind says what a passage looks like.
type Kind string

// The kinds. When two overlap, the first of this list wins.
const (
	Email   Kind = "email"
	Link    Kind = "link"  // an address of the web, or an @account
	Phone   Kind = "phone" // French formats, and +country numbers
	Plate   Kind = "plate" // SIV (AB-123-CD) and FNI (1234 AB 73)
	Address Kind = "address"
	Name    Kind = "name"
)

// Kinds are all kinds, in order of precedence.
var Kinds = []Kind{Email, Link, Phone, Plate, Address, Name}

// Finding is one passage: text[Start:End], in bytes, on borders of characters.
type Finding struct {
	Kind       Kind
	Start, End int
}

// Segment is a piece of a text; Kind is "" where nothing was found. The pieces
// of a text, in order, are the whole text: a page shows them as text nodes and
// needs to count nothing.
type Segment struct {
	Text string `json:"text"`
	Kind Kind   `json:"kind,omitempty"`
}

// Segments cuts a text at its findings, which are as Find gives them.
func Segments(text string, findings []Finding) []Segment {
	var out []Segment
	at := 0
	for _, f := range findings {
		if f.Start > at {
			out = append(out, Segment{Text: text[at:f.Start]})
		}
		out = append(out, Segment{Text: text[f.Start:f.End], Kind: f.Kind})
		at = f.End
	}
	if at < len(text) {
		out = append(out, Segment{Text: text[at:]})
	}
	return out
}

// Blank is what Redact writes in place of a passage.
const Blank = "[…]"

// Redact writes Blank in place of each finding: a proposal, to be read.
func Redact(text string, findings []Finding) string {
	out := make([]byte, 0, len(text))
	at := 0
	for _, f := range findings {
		out = append(out, text[at:f.Start]...)
		out = append(out, Blank...)
		at = f.End
	}
	return string(append(out, text[at:]...))
}

// settle sorts findings and leaves no two that overlap: the kind that comes
// first in Kinds keeps its place, then the longer one.
func settle(found []Finding) []Finding {
	slices.SortFunc(found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(slices.Index(Kinds, a.Kind), slices.Index(Kinds, b.Kind)),
			cmp.Compare(b.End-b.Start, a.End-a.Start), cmp.Compare(a.Start, b.Start))
	})
	kept := found[:0]
	for _, f := range found {
		if !slices.ContainsFunc(kept, func(k Finding) bool { return f.Start < k.End && k.Start < f.End }) {
			kept = append(kept, f)
		}
	}
	slices.SortFunc(kept, func(a, b Finding) int { return cmp.Compare(a.Start, b.Start) })
	return kept
}
