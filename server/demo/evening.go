package demo

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"quietude/geo"
	"quietude/server/atelier"
	"quietude/server/live"
	"quietude/server/store"
)

// plan is one evening to invent.
type plan struct {
	area atelier.Quartier
	// monthsAgo of a past evening; open ones are in progress.
	monthsAgo int
	open      bool
	// earlier is the first evening of a quartier that has another past one, with
	// the same places in question.
	earlier bool
	// meeting is a réunion spécifique: one table, fewer steps, nothing drawn.
	meeting bool
	// coming is in how many days an evening takes place that is being prepared: 0
	// for all others. Nothing has happened in it but invitations and their answers.
	coming int
}

// newest is how many months ago the last evening that is over was. What was said
// there is still to be read, and its compte rendu to be handed out.
const newest = 5

// plans gives each quartier its evening, the past ones some months apart; the
// quartier with most streets has two. The two largest quartiers are open today,
// so that a room can be tried at once. The largest also had an evening a year
// before its other past one, so that there is a change to look at. Two quartiers
// had a réunion spécifique. An atelier and a réunion are being prepared.
func plans(c city) []plan {
	bySize := slices.SortedFunc(slices.Values(c.areas), func(a, b atelier.Quartier) int {
		return cmp.Or(cmp.Compare(len(c.spots[b.Code]), len(c.spots[a.Code])), cmp.Compare(a.Code, b.Code))
	})
	var past, open []plan
	for i, a := range bySize {
		if i != 1 {
			past = append(past, plan{area: a, monthsAgo: newest + 4*len(past)})
		}
		if i < 2 {
			open = append(open, plan{area: a, open: true})
		}
	}
	earlier := plan{area: past[0].area, monthsAgo: past[0].monthsAgo + 12, earlier: true}
	meetings := []plan{{area: bySize[1], monthsAgo: 7, meeting: true}, {area: bySize[len(bySize)-1], monthsAgo: 13, meeting: true}}
	coming := []plan{{area: bySize[2%len(bySize)], coming: 19}, {area: bySize[3%len(bySize)], coming: 12, meeting: true}}
	return slices.Concat(past, open, []plan{earlier}, meetings, coming)
}

func inventEvenings(c city, seed uint64, today, now time.Time, reports []atelier.Signalement, reporters map[string][]store.FictionReporter) ([]store.Evening, error) {
	var out []store.Evening
	places := map[string][]sharedPlace{}
	for i, p := range plans(c) {
		e := evening{city: c, plan: p, Rand: source(seed, uint64(100+i)), number: i, reports: reports, reporters: reporters}
		if p.earlier {
			e.places = places[p.area.Code]
		}
		v, err := e.invent(today, now)
		if err != nil {
			return nil, fmt.Errorf("evening of %s: %w", p.area.Code, err)
		}
		if places[p.area.Code] == nil {
			places[p.area.Code] = e.places
		}
		out = append(out, v)
	}
	return out, nil
}

// evening invents one atelier and its log.
type evening struct {
	city
	plan
	*rand.Rand
	number int
	places []sharedPlace
	// reports are all the signalements: the slides of the restitution count them.
	reports []atelier.Signalement
	// reporters are those who agreed to be invited, by quartier.
	reporters map[string][]store.FictionReporter
	// until is when an open evening has come to; nothing is done after it.
	until time.Time

	out     store.Evening
	markers map[uuid.UUID]atelier.Marker
	order   []uuid.UUID
	actions []action
}

// action is an operation that somebody sends at a moment.
type action struct {
	at          time.Time
	participant atelier.Participant // zero: the animateur
	operation   map[string]any
}

// demoAteliers names the ateliers of the demonstration: they keep their
// identifiers, and so their addresses, from one demonstration to the next.
var demoAteliers = uuid.MustParse("5d1c7b1e-3c0f-5b0a-9a55-4b1f3d2c7a10")

// tables of an evening; a réunion has one.
func (e *evening) tables() int {
	if e.meeting {
		return 1
	}
	return 4
}

// halls are where an evening may take place.
var halls = []string{"Maison de quartier", "Mairie de quartier", "Salle polyvalente", "Préau de l’école"}

func (e *evening) invent(today, now time.Time) (store.Evening, error) {
	start := time.Date(today.Year(), today.Month()-time.Month(e.monthsAgo), 12+e.IntN(14), 18, 30, 0, 0, e.zone)
	if e.coming > 0 {
		start = time.Date(today.Year(), today.Month(), today.Day()+e.coming, 18, 30, 0, 0, e.zone)
	}
	closes := start.Add(5 * time.Hour)
	begins, minutes := start, pastPlan
	if e.open {
		e.until, minutes = now, openPlan
		begins = now.Add(-cartographyAfter - drawnAlready)
		start = begins.Truncate(15 * time.Minute) // people are invited for a round hour
		closes = now.Add(openFor)
	}
	id := uuid.NewSHA1(demoAteliers, fmt.Appendf(nil, "%s/%s/%d", e.Code, e.area.Code, e.number))
	a := atelier.Atelier{
		Territoire: e.Code, ID: id, Quartier: e.area.Code, Kind: "atelier",
		Titre:    "Atelier de tranquillité publique, " + e.area.NomCourt,
		Lieu:     halls[e.number%len(halls)] + ", " + e.area.NomCourt,
		StartsAt: start.UTC(), ClosesAt: closes.UTC(), Demo: true, Plan: minutes, Room: atelier.Room{State: "prepared"},
	}
	if e.meeting {
		a.Kind, a.Titre, a.Plan = "reunion", "Réunion avec les habitants, "+e.area.NomCourt, meetingPlan
	}
	for n := 1; n <= e.tables(); n++ {
		a.Seats = append(a.Seats, atelier.Table{Numero: n, Open: true})
		a.Tables = append(a.Tables, atelier.TableState{Numero: n, Open: true})
	}
	e.out.Read = e.monthsAgo > newest
	e.out.Atelier, e.markers = a, map[uuid.UUID]atelier.Marker{}
	if e.coming > 0 {
		e.receive()
		e.present(start, e.reports)
		e.invite(today)
		return e.out, nil
	}
	if e.open {
		e.invite(today)
	}
	e.animate(begins)
	e.seat(begins.Add(cartographyAfter))
	e.speak(begins)
	e.receive()
	e.present(start, e.reports)
	if err := e.answer(begins, now); err != nil {
		return store.Evening{}, err
	}
	e.vote(begins)
	return e.play()
}

// The course of an evening, from its beginning.
const (
	cartographyAfter = 60 * time.Minute
	cartographyTime  = 25 * time.Minute
	answersAfter     = 88 * time.Minute
	synthesisAfter   = 110 * time.Minute
	freezeAfter      = 125 * time.Minute
	// drawnAlready is how long the tables of an open evening have been drawing.
	drawnAlready = 20 * time.Minute
)

// Minutes planned for the steps 1 to 7.
var (
	pastPlan = []int{15, 30, 15, 25, 20, 15, 5}
	openPlan = []int{15, 30, 15, 45, 20, 15, 5}
	// of which a réunion has the steps 1, 2, 4 and 5
	meetingPlan = []int{5, 25, 15, 25, 20, 15, 5}
)

// animate is what the animateur does.
func (e *evening) animate(begins time.Time) {
	step := func(after time.Duration, n int) {
		e.act(begins.Add(after), atelier.Participant{}, map[string]any{"kind": atelier.Step, "step": n, "minutes": e.out.Atelier.Plan[n-1]})
	}
	step(0, 1)
	step(15*time.Minute, 2)
	if !e.meeting {
		step(45*time.Minute, 3)
	}
	step(cartographyAfter, atelier.CartographyStep)
	if e.open {
		return
	}
	e.act(begins.Add(cartographyAfter+cartographyTime), atelier.Participant{}, map[string]any{"kind": atelier.Share, "shared": true})
	step(answersAfter, 5)
	if !e.meeting {
		step(synthesisAfter, 6)
	}
	e.act(begins.Add(freezeAfter), atelier.Participant{}, map[string]any{"kind": atelier.Freeze})
}

func (e *evening) act(at time.Time, p atelier.Participant, operation map[string]any) {
	at = at.UTC().Truncate(time.Millisecond)
	if e.open && at.After(e.until) {
		return
	}
	operation["id"] = newID(e.Rand, at)
	e.actions = append(e.actions, action{at, p, operation})
}

// seat brings about twenty residents to the tables and has each of them draw.
func (e *evening) seat(begins time.Time) {
	if e.places == nil {
		e.places = e.sharedPlaces()
	}
	for table := 1; table <= e.tables(); table++ {
		for rang := 1; rang <= 4+e.IntN(3); rang++ {
			p := atelier.Participant{ID: randomID(e.Rand, 8), Table: table, Rang: rang}
			e.out.Participants = append(e.out.Participants, p)
			if !e.meeting {
				e.draw(p, begins)
			}
		}
	}
}

// opinion is what residents tend to say of a place.
type opinion struct {
	felts                    weighted[atelier.Felt]
	themes, reasons, moments []string
}

// sharedPlace is one that several residents name, though not all alike.
type sharedPlace struct {
	opinion
	at orb.Point
}

var (
	mostlyUnsafe = weighted[atelier.Felt]{{atelier.Unsafe, 9}, {atelier.Safe, 1}}
	mostlySafe   = weighted[atelier.Felt]{{atelier.Safe, 9}, {atelier.Unsafe, 1}}
	disputed     = weighted[atelier.Felt]{{atelier.Unsafe, 1}, {atelier.Safe, 1}}
)

// opinions in the order in which shared places take them.
var opinions = []opinion{
	{mostlyUnsafe, []string{"OCC", "STU", "BRU"}, []string{"groups", "people", "mood"}, []string{"evening", "night"}},
	{mostlySafe, nil, []string{"light", "people", "shops"}, []string{"day", "evening"}},
	{disputed, []string{"BRU", "OCC"}, []string{"people", "mood", "shops", "light"}, []string{"evening"}},
	{mostlyUnsafe, []string{"AMB", "VIO"}, []string{"light", "visibility", "exit"}, []string{"night"}},
	{mostlyUnsafe, []string{"CIR"}, []string{"traffic", "visibility"}, []string{"day", "evening"}},
	{mostlySafe, nil, []string{"teams", "upkeep", "visibility"}, []string{"day", "evening", "night"}},
	{disputed, []string{"CIR", "OCC"}, []string{"people", "traffic", "upkeep"}, []string{"day", "evening"}},
	{mostlyUnsafe, []string{"PRO", "DEG"}, []string{"upkeep", "mood", "memory"}, []string{"day", "evening"}},
	{mostlySafe, nil, []string{"wayfinding", "people", "mood"}, []string{"day"}},
	{mostlyUnsafe, []string{"VOL", "DEG"}, []string{"exit", "light", "people"}, []string{"night"}},
}

// changedPlace is a place that is safe now and was felt dark in the earlier
// evening: what a change that can be seen looks like.
const (
	changedPlace = 1
	darkOpinion  = 3
)

func (e *evening) sharedPlaces() []sharedPlace {
	spots := e.spots[e.area.Code]
	out := make([]sharedPlace, len(opinions))
	for i, o := range opinions {
		out[i] = sharedPlace{o, spots[e.IntN(len(spots))]}
	}
	return out
}

// draw is what one resident does during the cartography.
func (e *evening) draw(p atelier.Participant, begins time.Time) {
	at := begins.Add(time.Duration(20+e.IntN(160)) * time.Second)
	later := func() time.Time {
		at = at.Add(time.Duration(25+e.IntN(100)) * time.Second)
		return at
	}
	places := e.places
	order := e.Perm(len(places))
	if e.earlier {
		// The dark place that has been lit since was on everybody's lips.
		at := slices.Index(order, changedPlace)
		order[0], order[at] = order[at], order[0]
	}
	for i := range 3 + e.IntN(5) {
		o, spot := opinions[e.IntN(len(opinions))], orb.Point{}
		if e.Float64() < 0.75 {
			place := places[order[i]]
			if e.earlier && order[i] == changedPlace {
				place.opinion = opinions[darkOpinion]
			}
			o, spot = place.opinion, moved(place.at, 14*e.NormFloat64(), 14*e.NormFloat64())
		} else {
			spots := e.spots[e.area.Code]
			spot = spots[e.IntN(len(spots))]
		}
		geometry, ok := e.geometry(spot)
		if !ok {
			continue
		}
		marker := newID(e.Rand, at)
		felt := o.felts.draw(e.Rand)
		e.act(later(), p, map[string]any{"kind": atelier.Add, "marker": marker, "geometry": geojson.NewGeometry(geometry),
			"felt": felt, "attributes": e.attributes(o, felt)})
		e.change(p, marker, geometry, later)
	}
}

// change is what sometimes follows: second thoughts.
func (e *evening) change(p atelier.Participant, marker uuid.UUID, geometry orb.Geometry, later func() time.Time) {
	point, isPoint := geometry.(orb.Point)
	switch x := e.Float64(); {
	case x < 0.07 && isPoint:
		if g, ok := e.inQuartier(geo.Snap(moved(point, 12*e.NormFloat64(), 12*e.NormFloat64()))); ok {
			e.act(later(), p, map[string]any{"kind": atelier.Move, "marker": marker, "geometry": geojson.NewGeometry(g)})
		}
	case x < 0.17:
		e.act(later(), p, map[string]any{"kind": atelier.Edit, "marker": marker, "attributes": map[string]any{
			"severity": 1 + e.IntN(4), "days": some(e.Rand, atelier.Days, 2)}})
	case x < 0.22:
		e.act(later(), p, map[string]any{"kind": atelier.Delete, "marker": marker})
		if e.Float64() < 0.4 {
			e.act(later(), p, map[string]any{"kind": atelier.Restore, "marker": marker})
		}
	}
}

// zoneShare of the markers are areas drawn by finger.
const zoneShare = 0.16

// geometry is a point near a spot or a zone around it, in the quartier.
func (e *evening) geometry(spot orb.Point) (orb.Geometry, bool) {
	if e.Float64() >= zoneShare {
		return e.inQuartier(beside(e.Rand, spot))
	}
	radius, corners := 25+e.Float64()*55, 6+e.IntN(5)
	ring := make(orb.Ring, 0, corners+1)
	for i := range corners {
		angle := 2 * math.Pi * (float64(i) + 0.6*e.Float64()) / float64(corners)
		length := radius * (0.7 + 0.6*e.Float64())
		ring = append(ring, geo.Snap(moved(spot, length*math.Cos(angle), length*math.Sin(angle))))
	}
	return e.inQuartier(orb.Polygon{append(ring, ring[0])})
}

// inQuartier keeps what an atelier accepts: its anchor is in the quartier.
func (e *evening) inQuartier(g orb.Geometry) (orb.Geometry, bool) {
	code, _ := e.locator.Locate(geo.Anchor(g))
	return g, code == e.area.Code
}

func (e *evening) attributes(o opinion, felt atelier.Felt) map[string]any {
	a := map[string]any{"reasons": some(e.Rand, o.reasons, 3), "moments": some(e.Rand, o.moments, 2)}
	if e.Float64() < 0.3 {
		a["days"] = some(e.Rand, atelier.Days, 2)
	}
	if felt == atelier.Safe {
		return a
	}
	if len(o.themes) > 0 {
		a["themes"] = some(e.Rand, o.themes, 2)
	}
	if e.Float64() < 0.7 {
		a["nature"] = weighted[string]{{"lived", 45}, {"witnessed", 25}, {"told", 10}, {"sensed", 20}}.draw(e.Rand)
	}
	if e.Float64() < 0.6 {
		a["severity"] = weighted[int]{{1, 10}, {2, 30}, {3, 40}, {4, 20}}.draw(e.Rand)
	}
	if e.Float64() < 0.5 {
		a["avoids"] = e.Float64() < 0.55
	}
	if e.Float64() < 0.4 {
		a["frequency"] = weighted[string]{{"once", 15}, {"recurrent", 60}, {"daily", 25}}.draw(e.Rand)
	}
	return a
}

// play writes the log: actions in the order of time, each read, merged and
// numbered as a room would.
func (e *evening) play() (store.Evening, error) {
	slices.SortStableFunc(e.actions, func(a, b action) int { return a.at.Compare(b.at) })
	for _, a := range e.actions {
		if err := e.log(a); err != nil {
			return store.Evening{}, fmt.Errorf("%v: %w", a.operation["kind"], err)
		}
	}
	for _, id := range e.order {
		e.out.Markers = append(e.out.Markers, e.markers[id])
	}
	return e.out, nil
}

func (e *evening) log(a action) error {
	raw, err := json.Marshal(a.operation)
	if err != nil {
		return err
	}
	sent, err := live.DecodeOperation(raw)
	if err := firstError(err, sent.Fault); err != nil {
		return err
	}
	room := &e.out.Atelier
	seq := room.Seq + 1
	body := live.BodyOf(&sent.Operation)
	if sent.Kind.OnMarker() {
		err = e.merge(a.participant, &sent.Operation, seq)
	} else if sent.Kind.OnRemark() {
		err = e.say(a.participant, &sent.Operation, seq)
	} else if sent.Kind == atelier.Vote {
		e.out.Votes = append(e.out.Votes, atelier.VoteOf{Participant: a.participant.ID, Finding: sent.Finding, Dots: sent.Dots, Seq: seq})
	} else {
		if sent.Kind == atelier.Freeze {
			body.Hash = atelier.CanonicalHash(e.all())
			at := a.at
			room.FrozenAt = &at
		}
		room.Room = live.ApplyRoom(room.Room, store.Entry{Seq: seq, Kind: sent.Kind, At: a.at}, body)
	}
	if err != nil {
		return err
	}
	encoded, err := json.Marshal(body)
	if err != nil {
		return err
	}
	role := "animateur"
	if a.participant.ID != uuid.Nil {
		role = "habitant"
	}
	e.out.Operations = append(e.out.Operations, store.LoggedOperation{Seq: seq, ID: sent.ID, Kind: sent.Kind, Marker: sent.Marker,
		Participant: a.participant.ID, Table: a.participant.Table, Role: role, Body: encoded, Digest: sent.Digest, At: a.at})
	room.Seq = seq
	return nil
}

func (e *evening) merge(p atelier.Participant, o *atelier.Operation, seq int64) error {
	var before *atelier.Marker
	if m, ok := e.markers[o.Marker]; ok {
		before = &m
	}
	after, _, err := atelier.Merge(before, o, seq)
	if err != nil {
		return err
	}
	if before == nil {
		after.Author, after.Table = p.ID, p.Table
		e.order = append(e.order, after.ID)
	}
	if o.Geometry != nil {
		if err := e.locate(&after); err != nil {
			return err
		}
	}
	e.markers[after.ID] = after
	return nil
}

// locate derives from the geometry what is stored beside it.
func (e *evening) locate(m *atelier.Marker) (err error) {
	m.Anchor, m.Cell, m.Cells, err = atelier.Footprint(m.Geometry)
	m.Quartier, _ = e.locator.Locate(m.Anchor)
	return err
}

func (e *evening) all() []atelier.Marker {
	out := make([]atelier.Marker, 0, len(e.markers))
	for _, m := range e.markers {
		out = append(out, m)
	}
	return out
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
