package live

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"quietude/geo"
	"quietude/geo/hexgrid"
	"quietude/server/atelier"
	"quietude/server/fault"
	"quietude/server/store"
)

// Author is who writes to a room.
type Author struct {
	Role        string // habitant, animateur, local…
	Staff       bool
	Participant uuid.UUID
	Table       int
}

// Receipt answers one operation: a place in the log, or a problem.
type Receipt struct {
	Op      uuid.UUID
	Seq     int64
	Again   bool
	Over    int64
	Problem error
}

// placed is an operation with what its geometry means on the map.
type placed struct {
	Submitted
	anchor   orb.Point
	cell     hexgrid.Cell
	cells    []hexgrid.Cell
	quartier string
}

// Bounds of a zone, square metres: smaller than a car park space is a slip of
// the finger, larger than the largest square of a quartier says nothing.
const (
	minZone = 20
	maxZone = 1_000_000
)

// place finds the cells of an operation's geometry and its quartier, before
// any lock is taken.
func place(s Submitted, at func(orb.Point) (quartier string, err error)) placed {
	p := placed{Submitted: s}
	if s.Fault != nil || s.Geometry == nil {
		return p
	}
	p.Fault = func() (err error) {
		// geo.DecodeDrawn has snapped, validated and normalised it.
		if zone, ok := s.Geometry.(orb.Polygon); ok {
			if len(zone) != 1 {
				return fault.New(fault.Unprocessable, "zone_trouee", "Une zone se dessine d’un seul trait, sans trou.").At("geometry")
			}
			area := geo.AreaSquareMetres(zone)
			if area < minZone || area > maxZone {
				return fault.New(fault.Unprocessable, "zone_taille", "Cette zone est trop petite ou trop grande : entre 20 m² et 1 km².").At("geometry")
			}
		}
		if p.anchor, p.cell, p.cells, err = atelier.Footprint(s.Geometry); err != nil {
			return err
		}
		p.quartier, err = at(p.anchor)
		return err
	}()
	return p
}

// request is the batch of one author.
type request struct {
	author   Author
	ops      []placed
	receipts []Receipt
}

// decide is the whole rule of what a batch does to a room: repeats, rights,
// caps, merge, numbers. It is pure but for view.AllMarkers, which the freeze
// reads.
func decide(view store.RoomView, requests []*request) (store.RoomChange, error) {
	d := decision{view: view, room: view.Atelier.Room, seq: view.Atelier.Seq,
		changed: map[uuid.UUID]bool{}, moved: map[uuid.UUID]bool{}, frozenAt: view.Atelier.FrozenAt}
	for _, r := range requests {
		r.receipts = make([]Receipt, len(r.ops))
		for i := range r.ops {
			receipt, err := d.one(r.author, &r.ops[i])
			if err != nil && !answersOne(err) {
				return store.RoomChange{}, err
			}
			receipt.Op = r.ops[i].ID
			receipt.Problem = err
			r.receipts[i] = receipt
		}
	}
	return d.change(), nil
}

// answersOne reports whether an error is about one operation: the others go on.
func answersOne(err error) bool {
	var invalid *geo.Invalid
	return fault.As(err) != nil || errors.As(err, &invalid)
}

type decision struct {
	view     store.RoomView
	room     atelier.Room
	seq      int64
	frozenAt *time.Time
	logged   []store.LoggedOperation
	late     []store.LoggedOperation
	changed  map[uuid.UUID]bool
	order    []uuid.UUID
	moved    map[uuid.UUID]bool
	tables   map[int]bool
	said     *said
	answers  *store.FrozenAnswers
}

func (d *decision) one(author Author, p *placed) (Receipt, error) {
	if known, ok := d.view.Known[p.ID]; ok {
		return repeated(known, author, p)
	}
	if p.Fault != nil {
		return Receipt{}, p.Fault
	}
	if d.room.State == "closed" && !(author.Staff && outlasts(p.Kind)) {
		if author.Staff {
			return Receipt{}, fault.New(fault.Conflict, "atelier_clos", "L’atelier est clos : plus rien ne peut y être changé.")
		}
		d.late = append(d.late, store.LoggedOperation{ID: p.ID, Participant: author.Participant, Table: author.Table, Kind: p.Kind})
		return Receipt{}, fault.New(fault.Conflict, "atelier_clos",
			"L’atelier est clos : ce repère n’a pas été ajouté. Il reste sur cet appareil.")
	}
	if err := d.may(author, p); err != nil {
		return Receipt{}, err
	}
	seq := d.seq + 1
	var over int64
	var body EntryBody
	if p.Kind.OnMarker() {
		var err error
		if over, err = d.onMarker(author, p, seq); err != nil {
			return Receipt{}, err
		}
		body = BodyOf(&p.Operation)
	} else if p.Kind.OnRemark() {
		if err := d.onRemark(author, p, seq); err != nil {
			return Receipt{}, err
		}
		body = BodyOf(&p.Operation)
	} else if p.Kind == atelier.Vote {
		if err := d.onVote(author, p, seq); err != nil {
			return Receipt{}, err
		}
		body = BodyOf(&p.Operation)
	} else {
		body = BodyOf(&p.Operation)
		if err := d.onRoom(p, seq, &body); err != nil {
			return Receipt{}, err
		}
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return Receipt{}, err
	}
	d.seq = seq
	entry := store.LoggedOperation{Seq: seq, ID: p.ID, Kind: p.Kind, Marker: p.Marker, Participant: author.Participant,
		Table: author.Table, Role: author.Role, Body: raw, Digest: p.Digest, At: d.view.Now, OffsetS: offset(p.At, d.view.Now)}
	d.logged = append(d.logged, entry)
	d.view.Known[p.ID] = store.KnownOperation{Entry: logEntry(entry), Digest: p.Digest}
	return Receipt{Seq: seq, Over: over}, nil
}

// outlasts reports whether an operation may follow the freeze: what the city
// shows may still change, what residents said may not.
func outlasts(k atelier.Kind) bool {
	return k == atelier.Hide || k == atelier.Unhide || k == atelier.RemarkHide || k == atelier.RemarkUnhide || k == atelier.Findings
}

// repeated answers an operation whose id the log has: the same receipt for the
// same content from the same author, else a conflict that shows the stored
// version to its author only.
func repeated(known store.KnownOperation, author Author, p *placed) (Receipt, error) {
	own := known.Author == author.Participant
	if own && bytes.Equal(known.Digest, p.Digest) && p.Digest != nil {
		return Receipt{Seq: known.Seq, Again: true}, nil
	}
	f := fault.New(fault.Conflict, "operation_differente",
		"Cet identifiant a déjà servi pour une autre opération.").At("id")
	if !own {
		return Receipt{}, f
	}
	stored, err := wireWhole(known.Entry)
	if err != nil {
		return Receipt{}, err
	}
	return Receipt{}, f.With("stored", stored).With("sent", p.Sent).With("seq", known.Seq)
}

// may holds the rights of docs/protocol.md.
func (d *decision) may(author Author, p *placed) error {
	if p.Kind.OnRemark() || p.Kind == atelier.Vote {
		return nil // onRemark and onVote know what they need
	}
	if !p.Kind.OfResident() {
		if !author.Staff {
			return fault.New(fault.Forbidden, "reserve_animateur", "Seul l’animateur peut faire cela.")
		}
		return nil
	}
	if author.Participant == uuid.Nil {
		return fault.New(fault.Unauthorized, "table_requise", "Entrez le code de votre table pour dessiner.")
	}
	if !d.tableOpen(author.Table) {
		return fault.New(fault.Conflict, "table_fermee",
			"Votre table ne peut pas dessiner pour le moment. Vos repères restent sur cet appareil.")
	}
	if m, ok := d.view.Markers[p.Marker]; ok && m.Author != author.Participant {
		if p.Kind == atelier.Add {
			return nil // Merge refuses it without saying whose it is.
		}
		return fault.New(fault.Forbidden, "repere_autrui", "Ce repère appartient à une autre personne.").At("marker")
	}
	return nil
}

func (d *decision) tableOpen(numero int) bool {
	for _, t := range d.room.Tables {
		if t.Numero == numero {
			return t.Open
		}
	}
	return false
}

func (d *decision) onMarker(author Author, p *placed, seq int64) (over int64, err error) {
	var before *atelier.Marker
	if m, ok := d.view.Markers[p.Marker]; ok {
		before = &m
	}
	if p.Geometry != nil {
		if err := d.inQuartier(p); err != nil {
			return 0, err
		}
	}
	after, over, err := atelier.Merge(before, &p.Operation, seq)
	if err != nil {
		return 0, err
	}
	if before == nil {
		after.Author, after.Table = author.Participant, author.Table
	}
	if err := d.count(before, &after); err != nil {
		return 0, err
	}
	if p.Geometry != nil && after.GeometrySeq == seq {
		// A point that stays in its cell keeps its footprint.
		if before == nil || !isPoint(before.Geometry) || !isPoint(after.Geometry) || before.Cell != p.cell {
			d.moved[after.ID] = true
		}
		after.Anchor, after.Cell, after.Cells, after.Quartier = p.anchor, p.cell, p.cells, p.quartier
	}
	d.view.Markers[after.ID] = after
	if !d.changed[after.ID] {
		d.changed[after.ID] = true
		d.order = append(d.order, after.ID)
	}
	return over, nil
}

func isPoint(g orb.Geometry) bool {
	_, ok := g.(orb.Point)
	return ok
}

// inQuartier keeps the markers of an atelier in its quartier, and says which
// one the place belongs to when it is another.
func (d *decision) inQuartier(p *placed) error {
	want := d.view.Atelier.Quartier
	if p.quartier == want {
		return nil
	}
	f := fault.New(fault.Unprocessable, "hors_quartier", "Ce lieu est en dehors du quartier de l’atelier.").At("geometry")
	if p.quartier != "" {
		f = f.With("quartier", p.quartier)
	}
	return f
}

// mayAddOne reports whether an operation of this kind can leave its author with
// one more living marker of a kind: for the others the caps need no count.
func mayAddOne(k atelier.Kind) bool {
	return k == atelier.Add || k == atelier.Restore || k == atelier.Edit
}

// count keeps the caps per participant.
func (d *decision) count(before, after *atelier.Marker) error {
	counts := d.view.Counts[after.Author]
	if counts == nil {
		counts = map[atelier.Felt]int{}
		d.view.Counts[after.Author] = counts
	}
	was := before != nil && !before.Deleted
	is := !after.Deleted
	if is && (!was || before.Felt != after.Felt) {
		limit := atelier.MaxUnsafe
		if after.Felt == atelier.Safe {
			limit = atelier.MaxSafe
		}
		if counts[after.Felt] >= limit {
			return fault.New(fault.Unprocessable, "plafond",
				"Vous avez déjà placé %d repères de ce type : c’est le maximum par personne. Supprimez-en un pour en placer un autre.", limit).
				At("felt").With("limit", limit)
		}
		counts[after.Felt]++
	}
	if was && (!is || before.Felt != after.Felt) {
		counts[before.Felt]--
	}
	return nil
}

func (d *decision) onRoom(p *placed, seq int64, body *EntryBody) error {
	switch p.Kind {
	case atelier.TableOpen, atelier.TableClose:
		known := false
		for _, t := range d.room.Tables {
			known = known || t.Numero == p.Table
		}
		if !known {
			return fault.New(fault.Unprocessable, "table_inconnue", "Cette table n’existe pas.").At("table")
		}
		if d.tables == nil {
			d.tables = map[int]bool{}
		}
		d.tables[p.Table] = p.Kind == atelier.TableOpen
	case atelier.Step, atelier.StepClose:
		if p.Step < atelier.FirstStep || p.Step > atelier.LastStep || p.Minutes < 0 || p.Minutes > 240 {
			return fault.New(fault.Invalid, "valeur_inconnue", "Les étapes vont de 0 à 7, leur durée de 1 à 240 minutes.").At("step")
		}
		if !d.view.Atelier.HasStep(p.Step) {
			return fault.New(fault.Unprocessable, "etape_absente", "Une réunion spécifique n’a pas cette étape.").At("step")
		}
	case atelier.Freeze:
		hash, err := d.hash()
		if err != nil {
			return err
		}
		body.Hash = hash
		if body.Answers, err = d.freezeAnswers(); err != nil {
			return err
		}
		now := d.view.Now
		d.frozenAt = &now
	}
	d.room = ApplyRoom(d.room, store.Entry{Seq: seq, Kind: p.Kind, At: d.view.Now}, *body)
	return nil
}

// hash covers every marker of the room with the changes of this batch.
func (d *decision) hash() (string, error) {
	stored, err := d.view.AllMarkers()
	if err != nil {
		return "", err
	}
	all := make([]atelier.Marker, 0, len(stored))
	for _, m := range stored {
		if !d.changed[m.ID] {
			all = append(all, m)
		}
	}
	for _, id := range d.order {
		all = append(all, d.view.Markers[id])
	}
	return atelier.CanonicalHash(all), nil
}

func (d *decision) change() store.RoomChange {
	c := store.RoomChange{Operations: d.logged, Moved: d.moved, Room: d.room, Seq: d.seq, FrozenAt: d.frozenAt, Late: d.late}
	for _, id := range d.order {
		c.Markers = append(c.Markers, d.view.Markers[id])
	}
	c.Answers = d.answers
	if d.said != nil {
		for _, id := range d.said.order {
			c.Remarks = append(c.Remarks, d.said.remarks[id])
		}
		c.Votes = d.said.cast
	}
	for numero, open := range d.tables {
		c.Tables = append(c.Tables, atelier.TableState{Numero: numero, Open: open})
	}
	return c
}

// offset is how far the device's clock is ahead, seconds; kept for the record,
// never used for order.
func offset(device *time.Time, now time.Time) *int {
	if device == nil {
		return nil
	}
	const tenYears = 10 * 365 * 24 * 3600
	s := int(math.Max(-tenYears, math.Min(tenYears, device.Sub(now).Seconds())))
	return &s
}
