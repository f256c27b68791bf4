package atelier

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"quietude/geo/hexgrid"
)

// Caps per participant, markers not deleted (privacy: one person cannot fill a map).
const (
	MaxUnsafe = 15
	MaxSafe   = 15
)

// Marker is the state of one marker, as the log has left it.
type Marker struct {
	ID       uuid.UUID
	Author   uuid.UUID // participant, a pseudonym
	Table    int
	Quartier string
	Felt     Felt
	Geometry orb.Geometry // orb.Point or orb.Polygon with one closed ring
	Anchor   orb.Point
	Cell     hexgrid.Cell   // of the anchor, resolution 11
	Cells    []hexgrid.Cell // footprint, resolution 11, sorted
	Attributes
	Deleted bool
	Hidden  bool

	Seq           int64 // last accepted operation
	AddedSeq      int64
	GeometrySeq   int64
	ExistenceSeq  int64
	AttributeSeqs map[string]int64
}

// Attributes describe a marker. Empty means not said.
type Attributes struct {
	Themes     []string
	Reasons    []string
	Moments    []string
	Days       []string
	Nature     string
	Frequency  string
	Since      string
	Place      string
	Severity   int // 1 to 4
	Avoids     *bool
	Approached []string
	Note       string
}

// Clone returns a copy that shares nothing mutable with m.
func (m Marker) Clone() Marker {
	c := m
	c.Geometry = orb.Clone(m.Geometry)
	c.Cells = slices.Clone(m.Cells)
	c.Attributes = m.Attributes.clone()
	c.AttributeSeqs = make(map[string]int64, len(m.AttributeSeqs))
	for k, v := range m.AttributeSeqs {
		c.AttributeSeqs[k] = v
	}
	return c
}

func (a Attributes) clone() Attributes {
	c := a
	c.Themes, c.Reasons, c.Moments = slices.Clone(a.Themes), slices.Clone(a.Reasons), slices.Clone(a.Moments)
	c.Days, c.Approached = slices.Clone(a.Days), slices.Clone(a.Approached)
	if a.Avoids != nil {
		v := *a.Avoids
		c.Avoids = &v
	}
	return c
}

// lastChange is the number of the last operation that changed a register.
func (m Marker) lastChange(register string) int64 {
	if n, ok := m.AttributeSeqs[register]; ok {
		return n
	}
	return m.AddedSeq
}

// register is one attribute as the merge rules see it: a name, a value in
// JSON, and how to set it. A missing member is left alone; null clears.
type register struct {
	name string
	get  func(*Attributes) any
	set  func(*Attributes, json.RawMessage) error
}

func list(name string, field func(*Attributes) *[]string, codes []string) register {
	return register{name,
		func(a *Attributes) any {
			if len(*field(a)) == 0 {
				return nil
			}
			return *field(a)
		},
		func(a *Attributes, raw json.RawMessage) error {
			var v []string
			if err := json.Unmarshal(raw, &v); err != nil {
				return badValue(name)
			}
			if len(v) == 0 {
				v = nil
			}
			*field(a) = v
			return checkCodes(v, codes, "attributes."+name)
		}}
}

func code(name string, field func(*Attributes) *string, codes []string) register {
	return register{name,
		func(a *Attributes) any {
			if *field(a) == "" {
				return nil
			}
			return *field(a)
		},
		func(a *Attributes, raw json.RawMessage) error {
			var v *string
			if err := json.Unmarshal(raw, &v); err != nil {
				return badValue(name)
			}
			if v == nil {
				*field(a) = ""
				return nil
			}
			if *v == "" {
				return badValue(name)
			}
			*field(a) = *v
			return checkCode(*v, codes, "attributes."+name)
		}}
}

func themeCodes() []string {
	codes := make([]string, len(Themes))
	for i, t := range Themes {
		codes[i] = string(t)
	}
	return codes
}

// registers are all attributes, in byte order of their names.
var registers = []register{
	list("approached", func(a *Attributes) *[]string { return &a.Approached }, Approaches),
	{"avoids",
		func(a *Attributes) any {
			if a.Avoids == nil {
				return nil
			}
			return *a.Avoids
		},
		func(a *Attributes, raw json.RawMessage) error {
			var v *bool
			if err := json.Unmarshal(raw, &v); err != nil {
				return badValue("avoids")
			}
			a.Avoids = v
			return nil
		}},
	list("days", func(a *Attributes) *[]string { return &a.Days }, Days),
	code("frequency", func(a *Attributes) *string { return &a.Frequency }, Frequencies),
	list("moments", func(a *Attributes) *[]string { return &a.Moments }, Moments),
	code("nature", func(a *Attributes) *string { return &a.Nature }, Natures),
	{"note",
		func(a *Attributes) any {
			if a.Note == "" {
				return nil
			}
			return a.Note
		},
		func(a *Attributes, raw json.RawMessage) error {
			var v *string
			if err := json.Unmarshal(raw, &v); err != nil {
				return badValue("note")
			}
			if v == nil {
				a.Note = ""
				return nil
			}
			a.Note = *v
			return checkText(*v, NoteLimit, "attributes.note")
		}},
	code("place", func(a *Attributes) *string { return &a.Place }, Places),
	list("reasons", func(a *Attributes) *[]string { return &a.Reasons }, Reasons),
	{"severity",
		func(a *Attributes) any {
			if a.Severity == 0 {
				return nil
			}
			return a.Severity
		},
		func(a *Attributes, raw json.RawMessage) error {
			var v *int
			if err := json.Unmarshal(raw, &v); err != nil {
				return badValue("severity")
			}
			if v == nil {
				a.Severity = 0
				return nil
			}
			if *v < 1 || *v > 4 {
				return badValue("severity")
			}
			a.Severity = *v
			return nil
		}},
	code("since", func(a *Attributes) *string { return &a.Since }, Sinces),
	list("themes", func(a *Attributes) *[]string { return &a.Themes }, themeCodes()),
}

func registerOf(name string) (register, bool) {
	for _, r := range registers {
		if r.name == name {
			return r, true
		}
	}
	return register{}, false
}

// Map gives the attributes that say something, by register name.
func (a Attributes) Map() map[string]any {
	m := make(map[string]any, len(registers))
	for _, r := range registers {
		if v := r.get(&a); v != nil {
			m[r.name] = v
		}
	}
	return m
}

// WithoutNote returns the attributes without the free text.
func (a Attributes) WithoutNote() Attributes {
	a.Note = ""
	return a
}

// Room is the state of an atelier's evening, as its log has left it.
type Room struct {
	State       string // prepared, open, closed
	Step        int
	StepAt      *time.Time
	StepMinutes int
	Shared      bool
	FrozenHash  string
	Tables      []TableState
}

// TableState says whether a table may draw.
type TableState struct {
	Numero int
	Open   bool
}
