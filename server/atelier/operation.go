package atelier

import (
	"encoding/json"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"quietude/server/fault"
)

// Kind is what an operation does.
type Kind string

// The operations of a room. The first eight act on a marker, those that begin
// with remark on what a table says in words. Findings changes nothing by itself:
// it tells every reader that findings or answers have changed.
const (
	Add        Kind = "add"
	Move       Kind = "move"
	Reshape    Kind = "reshape"
	Edit       Kind = "edit"
	Delete     Kind = "delete"
	Restore    Kind = "restore"
	Hide       Kind = "hide"
	Unhide     Kind = "unhide"
	Step       Kind = "step"
	StepClose  Kind = "step_close"
	TableOpen  Kind = "table_open"
	TableClose Kind = "table_close"
	Share      Kind = "share"
	Freeze     Kind = "freeze"

	RemarkAdd     Kind = "remark_add"
	RemarkEdit    Kind = "remark_edit"
	RemarkDelete  Kind = "remark_delete"
	RemarkRestore Kind = "remark_restore"
	RemarkHide    Kind = "remark_hide"
	RemarkUnhide  Kind = "remark_unhide"
	Vote          Kind = "vote"
	Findings      Kind = "findings"

	// Erase is written when a participant erased all that it gave, Forgotten is
	// what has become of the entries that spoke of it. Nobody sends them.
	Erase     Kind = "erase"
	Forgotten Kind = "forgotten"
)

// OnRemark reports whether the operation acts on a remark.
func (k Kind) OnRemark() bool {
	switch k {
	case RemarkAdd, RemarkEdit, RemarkDelete, RemarkRestore, RemarkHide, RemarkUnhide:
		return true
	}
	return false
}

// OnMarker reports whether the operation acts on a marker.
func (k Kind) OnMarker() bool {
	switch k {
	case Add, Move, Reshape, Edit, Delete, Restore, Hide, Unhide:
		return true
	}
	return false
}

// OfResident reports whether residents write this kind; the others belong to
// the animateur.
func (k Kind) OfResident() bool {
	switch k {
	case Add, Move, Reshape, Edit, Delete, Restore:
		return true
	}
	return false
}

// Operation is what a device asks for. Geometry is orb.Point or orb.Polygon,
// already snapped.
type Operation struct {
	ID         uuid.UUID
	Kind       Kind
	Marker     uuid.UUID
	Base       int64
	Undo       bool
	At         *time.Time
	Geometry   orb.Geometry
	Felt       Felt
	Attributes map[string]json.RawMessage // only the members named
	Step       int
	Minutes    int
	Table      int
	Shared     bool
	// Of a remark; Table names the table when the animateur types for it.
	Remark   uuid.UUID
	Question string
	Text     string
	Theme    Theme
	About    uuid.UUID // marker
	// Of a vote.
	Finding uuid.UUID
	Dots    int

	// members are the names present in what was sent, for Check.
	members map[string]bool
}

// members each kind needs and may have, beyond id, kind and at.
var operationMembers = map[Kind]struct{ need, may []string }{
	Add:        {[]string{"marker", "geometry", "felt"}, []string{"attributes", "base"}},
	Move:       {[]string{"marker", "geometry"}, []string{"base", "undo"}},
	Reshape:    {[]string{"marker", "geometry"}, []string{"base", "undo"}},
	Edit:       {[]string{"marker"}, []string{"felt", "attributes", "base", "undo"}},
	Delete:     {[]string{"marker"}, []string{"base", "undo"}},
	Restore:    {[]string{"marker"}, []string{"base", "undo"}},
	Hide:       {[]string{"marker"}, []string{"base"}},
	Unhide:     {[]string{"marker"}, []string{"base"}},
	Step:       {[]string{"step"}, []string{"minutes"}},
	StepClose:  {[]string{"step"}, nil},
	TableOpen:  {[]string{"table"}, nil},
	TableClose: {[]string{"table"}, nil},
	Share:      {[]string{"shared"}, nil},
	Freeze:     {nil, nil},

	RemarkAdd:     {[]string{"remark", "question", "text"}, []string{"theme", "geometry", "about", "table"}},
	RemarkEdit:    {[]string{"remark", "question", "text"}, []string{"theme", "geometry", "about"}},
	RemarkDelete:  {[]string{"remark"}, nil},
	RemarkRestore: {[]string{"remark"}, nil},
	RemarkHide:    {[]string{"remark"}, nil},
	RemarkUnhide:  {[]string{"remark"}, nil},
	Vote:          {[]string{"finding", "dots"}, nil},
	Findings:      {nil, nil},
}

// SetMembers records which members the sender wrote.
func (o *Operation) SetMembers(names []string) {
	o.members = make(map[string]bool, len(names))
	for _, n := range names {
		o.members[n] = true
	}
}

// Check refuses an operation whose members do not fit its kind. The geometry's
// own validity is checked where it is decoded.
func (o *Operation) Check() error {
	rule, ok := operationMembers[o.Kind]
	if !ok {
		return fault.New(fault.Invalid, "operation_inconnue", "Cette opération n’existe pas.").At("kind")
	}
	if o.ID == uuid.Nil {
		return fault.New(fault.Invalid, "identifiant_absent", "L’opération n’a pas d’identifiant.").At("id")
	}
	allowed := map[string]bool{"id": true, "kind": true, "at": true}
	for _, n := range rule.need {
		allowed[n] = true
		if !o.members[n] {
			if n == "geometry" {
				return fault.New(fault.Invalid, "position_absente", "La position du repère manque.").At(n)
			}
			return fault.New(fault.Invalid, "champ_absent", "Il manque une information à cette opération.").At(n)
		}
	}
	for _, n := range rule.may {
		allowed[n] = true
	}
	for n := range o.members {
		if !allowed[n] {
			return fault.New(fault.Invalid, "champ_en_trop", "Cette information n’a pas sa place dans cette opération.").At(n)
		}
	}
	if o.Kind.OnMarker() && o.Marker == uuid.Nil {
		return fault.New(fault.Invalid, "identifiant_absent", "Le repère n’a pas d’identifiant.").At("marker")
	}
	if o.Kind.OnRemark() {
		return o.checkRemark()
	}
	if o.Kind == Vote && (o.Finding == uuid.Nil || o.Dots < 0 || o.Dots > MaxDots) {
		return fault.New(fault.Invalid, "valeur_inconnue", "Un vote donne de 0 à %d points à un constat.", MaxDots).At("dots")
	}
	if o.members["felt"] && !o.Felt.Valid() {
		return fault.New(fault.Invalid, "valeur_inconnue", "Un repère dit « pas en sécurité » ou « plutôt en sécurité ».").At("felt")
	}
	if o.Undo && !o.members["base"] {
		return fault.New(fault.Invalid, "champ_absent", "Une annulation dit ce qu’elle a vu en dernier.").At("base")
	}
	if o.Kind == Edit && !o.members["felt"] && len(o.Attributes) == 0 {
		return fault.New(fault.Invalid, "champ_absent", "Cette modification ne change rien.").At("attributes")
	}
	var scratch Attributes
	return o.setAttributes(&scratch)
}

// setAttributes writes the named attributes into a.
func (o *Operation) setAttributes(a *Attributes) error {
	for name, raw := range o.Attributes {
		r, ok := registerOf(name)
		if !ok {
			return fault.New(fault.Invalid, "champ_en_trop", "Cette information n’est pas prévue.").At("attributes." + name)
		}
		if err := r.set(a, raw); err != nil {
			return err
		}
	}
	return nil
}

func badValue(name string) error {
	return fault.New(fault.Invalid, "valeur_inconnue", "Cette valeur n’est pas dans la liste proposée.").At("attributes." + name)
}

// checkText refuses what PostgreSQL or a reader could not take; it never
// shortens silently. limit is in characters. Control characters include the
// direction overrides that can make a text read otherwise than it is stored.
func checkText(s string, limit int, field string) error {
	if utf8.RuneCountInString(s) > limit {
		return fault.New(fault.Invalid, "texte_trop_long", "Le texte dépasse %d caractères.", limit).At(field)
	}
	for _, r := range s {
		if r == '\n' || r == '\t' {
			continue
		}
		if r == utf8.RuneError || unicode.IsControl(r) || (r >= 0x202A && r <= 0x202E) || (r >= 0x2066 && r <= 0x2069) {
			return fault.New(fault.Invalid, "texte_illisible", "Le texte contient un caractère qui ne peut pas être gardé.").At(field)
		}
	}
	return nil
}
