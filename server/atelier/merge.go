package atelier

import (
	"github.com/paulmach/orb"

	"quietude/server/fault"
)

// Merge applies an operation on a marker, as number seq of the log, to the
// marker's state before it (nil when the log has none). It returns the new
// state, the number of a change that the author had not seen and that was
// replaced (0 when none), or a refusal that changes nothing.
//
// The rules, one sentence each, are those of docs/protocol.md; the same
// function stands in web/src/state.ts and both answer the cases of
// server/live/testdata/merge.json.
//
//  1. The order of the log is the only order.
//  2. add makes a marker; an existing id is refused.
//  3. Anything else on an unknown marker is refused.
//  4. move and reshape replace the whole geometry; point stays point, zone stays
//     zone, reshape is for zones; the last in the log wins.
//  5. edit replaces the registers that it names; the last in the log wins.
//  6. delete deletes; twice changes nothing.
//  7. move, reshape and edit of a deleted marker are refused.
//  8. restore brings back; of a living marker it changes nothing.
//  9. hide and unhide are a register of their own.
//  10. undo takes effect only if what it changes has not changed after base.
//  11. A replaced change above base is told.
//
// Merge trusts o.Check; quartier, anchor and cells are the caller's.
func Merge(before *Marker, o *Operation, seq int64) (after Marker, over int64, err error) {
	if o.Kind == Add {
		if before != nil {
			return Marker{}, 0, refuse("marqueur_existe", "Ce repère existe déjà.")
		}
		return added(o, seq)
	}
	if before == nil {
		return Marker{}, 0, fault.New(fault.NotFound, "marqueur_inconnu", "Ce repère n’existe pas.").At("marker")
	}
	m := before.Clone()
	m.Seq = seq
	switch o.Kind {
	case Move, Reshape:
		if m.Deleted {
			return Marker{}, 0, errDeleted()
		}
		_, zone := m.Geometry.(orb.Polygon)
		_, toZone := o.Geometry.(orb.Polygon)
		if zone != toZone || (o.Kind == Reshape && !zone) {
			return Marker{}, 0, fault.New(fault.Unprocessable, "geometrie_autre", "Un point reste un point, une zone reste une zone.").At("geometry")
		}
		if over, err = o.against(m.GeometrySeq); err != nil {
			return Marker{}, 0, err
		}
		m.Geometry = o.Geometry
		m.GeometrySeq = seq
	case Edit:
		if m.Deleted {
			return Marker{}, 0, errDeleted()
		}
		var last int64
		for name := range o.Attributes {
			last = max(last, m.lastChange(name))
		}
		if o.Felt != "" {
			last = max(last, m.lastChange("felt"))
		}
		if over, err = o.against(last); err != nil {
			return Marker{}, 0, err
		}
		if err := o.setAttributes(&m.Attributes); err != nil {
			return Marker{}, 0, err
		}
		for name := range o.Attributes {
			m.AttributeSeqs[name] = seq
		}
		if o.Felt != "" {
			m.Felt = o.Felt
			m.AttributeSeqs["felt"] = seq
		}
	case Delete, Restore:
		gone := o.Kind == Delete
		if m.Deleted == gone {
			return m, 0, nil
		}
		if over, err = o.against(m.ExistenceSeq); err != nil {
			return Marker{}, 0, err
		}
		m.Deleted = gone
		m.ExistenceSeq = seq
	case Hide, Unhide:
		m.Hidden = o.Kind == Hide
	default:
		return Marker{}, 0, fault.New(fault.Invalid, "operation_inconnue", "Cette opération ne concerne pas un repère.").At("kind")
	}
	return m, over, nil
}

// against compares the last change of what the operation changes with what its
// author saw.
func (o *Operation) against(last int64) (over int64, err error) {
	if last <= o.Base || !o.members["base"] {
		return 0, nil
	}
	if o.Undo {
		return 0, refuse("annulation_depassee", "Ce repère a été modifié depuis : l’annulation n’est plus possible.")
	}
	return last, nil
}

func added(o *Operation, seq int64) (Marker, int64, error) {
	m := Marker{
		ID: o.Marker, Felt: o.Felt, Geometry: o.Geometry,
		Seq: seq, AddedSeq: seq, GeometrySeq: seq, ExistenceSeq: seq,
		AttributeSeqs: map[string]int64{"felt": seq},
	}
	if err := o.setAttributes(&m.Attributes); err != nil {
		return Marker{}, 0, err
	}
	for name := range o.Attributes {
		m.AttributeSeqs[name] = seq
	}
	return m, 0, nil
}

func refuse(code, detail string) error { return fault.New(fault.Conflict, code, detail) }

func errDeleted() error {
	return refuse("marqueur_supprime", "Ce repère a été supprimé. Vous pouvez le rétablir.")
}
