// Package fault holds the few kinds of error that may cross a package border
// with a sentence a resident can read. Everything else is an internal error:
// the caller answers 500 with a neutral sentence and logs the chain.
//
// A fault never carries a position, a free text, a name or a code in its
// public fields unless the person who receives it sent that very value.
package fault

import (
	"errors"
	"fmt"
	"time"
)

// Kind says what went wrong in a way that maps to exactly one HTTP status.
type Kind int

// The kinds. Adapters map them to their protocol in a single table.
const (
	Internal         Kind = iota
	Invalid               // the request cannot be read (400)
	Unauthorized          // no or unknown credentials (401)
	Forbidden             // known, but not allowed (403)
	NotFound              // unknown, or not yours to know (404)
	NotAcceptable         // a format or language we do not have (406)
	Conflict              // contradicts what is stored (409)
	Gone                  // existed, is closed (410)
	TooLarge              // more bytes or elements than accepted (413)
	UnsupportedMedia      // a media type we do not read (415)
	Unprocessable         // readable, but breaks a rule of the domain (422)
	TooMany               // slow down (429)
	Unavailable           // try again soon (503)
)

// Error is a failure with a public half and a private half.
type Error struct {
	Kind Kind
	// Code is stable, lower-case ASCII with underscores, for programs.
	Code string
	// Detail is one French sentence for the person: what happened, what to do.
	Detail string
	// Field is the JSON path or parameter at fault, "" when none.
	Field string
	// Extra is added to the problem document (for example the right quartier).
	Extra map[string]any
	// RetryAfter is sent with TooMany and Unavailable when positive.
	RetryAfter time.Duration
	// cause is for the log only.
	cause error
}

func (e *Error) Error() string {
	s := e.Code
	if e.Field != "" {
		s += " (" + e.Field + ")"
	}
	if e.cause != nil {
		s += ": " + e.cause.Error()
	}
	return s
}

func (e *Error) Unwrap() error { return e.cause }

// New makes a fault of a kind. detail is French and may use fmt verbs.
func New(kind Kind, code, detail string, args ...any) *Error {
	if len(args) > 0 {
		detail = fmt.Sprintf(detail, args...)
	}
	return &Error{Kind: kind, Code: code, Detail: detail}
}

// At returns a copy of e that names the field at fault.
func (e *Error) At(field string) *Error {
	c := *e
	c.Field = field
	return &c
}

// With returns a copy of e with one more public member.
func (e *Error) With(key string, value any) *Error {
	c := *e
	c.Extra = make(map[string]any, len(e.Extra)+1)
	for k, v := range e.Extra {
		c.Extra[k] = v
	}
	c.Extra[key] = value
	return &c
}

// After returns a copy of e that tells the caller when to try again.
func (e *Error) After(d time.Duration) *Error {
	c := *e
	c.RetryAfter = d
	return &c
}

// Because returns a copy of e that carries the private cause.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.cause = cause
	return &c
}

// As returns the fault in err's chain, or nil.
func As(err error) *Error {
	if err == nil {
		return nil // without making room for what cannot be found
	}
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}

// KindOf is the kind of the fault in err's chain; Internal when there is none.
func KindOf(err error) Kind {
	if e := As(err); e != nil {
		return e.Kind
	}
	return Internal
}

// Wrap adds the operation and its arguments to *err on the way up:
// defer fault.Wrap(&err, "MarkersInBBox(%s)", territoire). No-op on nil.
func Wrap(err *error, format string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf(format+": %w", append(args, *err)...)
	}
}
