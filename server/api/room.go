package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
	"github.com/paulmach/orb/geojson"

	"quietude/server/atelier"
	"quietude/server/auth"
	"quietude/server/fault"
	"quietude/server/live"
)

// roomRoutes are those of the live room of an atelier.
func (a *API) roomRoutes() []Route {
	const room = "/api/v1/ateliers/{id}"
	return []Route{
		{Method: http.MethodPost, Path: room + "/ops", Handle: a.inRoom(a.writeOperations), OwnBody: true},
		{Method: http.MethodGet, Path: room + "/ops", Handle: a.inRoom(a.whileSeated(a.readOperations))},
		{Method: http.MethodGet, Path: room + "/stream", Handle: a.inRoom(a.whileSeated(a.stream)), Stream: true},
		{Method: http.MethodGet, Path: room + "/snapshot", Handle: a.inRoom(a.whileSeated(a.snapshot))},
		{Method: http.MethodGet, Path: room + "/markers", Handle: a.inRoom(a.whileSeated(a.markers))},
		{Method: http.MethodGet, Path: room + "/late", Handle: a.inRoom(a.lateOperations)},
	}
}

var errNoAtelier = fault.New(fault.NotFound, "atelier_inconnu", "Cet atelier n’existe pas.")

// inRoom finds the room (identifier and territoire, nothing else) and who asks.
// A room that is not the principal's answers like one that does not exist.
func (a *API) inRoom(handle roomHandler) func(*gin.Context) error {
	return func(c *gin.Context) error {
		p := a.principal(c)
		id, err := uuid.Parse(c.Param("id"))
		if err != nil || (p.Role == auth.Habitant && p.Atelier != id) {
			return errNoAtelier
		}
		// The hub reads what it needs of the room: a request needs only to know
		// where it is.
		at := atelier.Atelier{ID: id, Territoire: p.Territoire}
		if p.Role != auth.Habitant {
			if at.Territoire, err = a.Store.AtelierTerritoire(c.Request.Context(), id); err != nil {
				return err
			}
			if !p.Animates(at.Territoire) {
				return errNoAtelier
			}
		}
		c.Header("Cache-Control", "no-store")
		return handle(c, at, p)
	}
}

// whileSeated lets a resident read the room as long as the seat exists. Writing
// needs no such question: the rows refer to the seat.
func (a *API) whileSeated(handle roomHandler) roomHandler {
	return func(c *gin.Context, at atelier.Atelier, p auth.Principal) error {
		if p.Role == auth.Habitant {
			if err := a.seated(c.Request.Context(), at, p); err != nil {
				return err
			}
		}
		return handle(c, at, p)
	}
}

// roomHandler answers in a room that the principal may know.
type roomHandler func(*gin.Context, atelier.Atelier, auth.Principal) error

func viewer(p auth.Principal) live.Viewer {
	if p.Role == auth.Habitant {
		return live.Viewer{Participant: p.Participant.ID, Table: p.Participant.Table}
	}
	return live.Viewer{Staff: true}
}

func author(p auth.Principal) live.Author {
	if p.Role == auth.Habitant {
		return live.Author{Role: string(p.Role), Participant: p.Participant.ID, Table: p.Participant.Table}
	}
	return live.Author{Role: string(p.Role), Staff: true}
}

type wireReceipt struct {
	Op      uuid.UUID `json:"op"`
	Seq     int64     `json:"seq,omitempty"`
	Again   bool      `json:"again,omitempty"`
	Over    int64     `json:"over,omitempty"`
	Problem *Problem  `json:"problem,omitempty"`
}

func (a *API) writeOperations(c *gin.Context, at atelier.Atelier, p auth.Principal) error {
	var raws []json.RawMessage
	if err := json.Unmarshal(bodyOf(c).Members["ops"], &raws); err != nil || len(bodyOf(c).Members) != 1 {
		return fault.New(fault.Invalid, "lot_illisible", "Un lot est un objet {\"ops\": […]}.").At("ops")
	}
	ops := make([]live.Submitted, len(raws))
	for i, raw := range raws {
		s, err := live.DecodeOperation(raw)
		if err != nil {
			return err
		}
		ops[i] = s
	}
	receipts, seq, err := a.Live.Write(c.Request.Context(), at, author(p), ops)
	if err != nil {
		return err
	}
	out := make([]wireReceipt, len(receipts))
	for i, r := range receipts {
		out[i] = wireReceipt{Op: r.Op, Seq: r.Seq, Again: r.Again, Over: r.Over}
		if r.Problem != nil {
			problem := ProblemOf(r.Problem)
			out[i].Problem = &problem
		}
	}
	c.JSON(http.StatusOK, gin.H{"receipts": out, "seq": seq})
	return nil
}

func (a *API) readOperations(c *gin.Context, at atelier.Atelier, p auth.Principal) error {
	after, err := number(c, "after", 0)
	if err != nil {
		return err
	}
	limit, err := number(c, "limit", 1000)
	if err != nil {
		return err
	}
	entries, seq, err := a.Live.Entries(c.Request.Context(), at, viewer(p), after, int(limit))
	if err != nil {
		return err
	}
	if err := a.watched(c, at, len(entries)); err != nil {
		return err
	}
	c.JSON(http.StatusOK, gin.H{"ops": entries, "seq": seq})
	return nil
}

// number reads a whole number of the query whose bounds the contract has
// checked.
func number(c *gin.Context, name string, otherwise int64) (int64, error) {
	raw, ok := c.GetQuery(name)
	if !ok {
		return otherwise, nil
	}
	return readNumber(raw, name)
}

func readNumber(raw, name string) (int64, error) {
	n, err := strconv.ParseInt(raw, 10, 64)
	if err != nil || n < 0 {
		return 0, fault.New(fault.Invalid, "valeur_invalide", "Un nombre entier est attendu.").At(name)
	}
	return n, nil
}

func (a *API) snapshot(c *gin.Context, at atelier.Atelier, p auth.Principal) error {
	s, err := a.Live.Snapshot(c.Request.Context(), at, viewer(p))
	if err != nil {
		return err
	}
	if err := a.watched(c, at, len(s.Markers)); err != nil {
		return err
	}
	c.JSON(http.StatusOK, s)
	return nil
}

type wireMarkers struct {
	Type     string              `json:"type"`
	Seq      int64               `json:"seq"`
	Features []wireMarkerFeature `json:"features"`
}

type wireMarkerFeature struct {
	Type       string            `json:"type"`
	ID         uuid.UUID         `json:"id"`
	Geometry   *geojson.Geometry `json:"geometry"`
	Properties map[string]any    `json:"properties"`
}

func (a *API) markers(c *gin.Context, at atelier.Atelier, p auth.Principal) error {
	ms, seq, err := a.Live.Markers(c.Request.Context(), at, viewer(p))
	if err != nil {
		return err
	}
	if err := a.watched(c, at, len(ms)); err != nil {
		return err
	}
	slices.SortFunc(ms, func(x, y atelier.Marker) int { return bytes.Compare(x.ID[:], y.ID[:]) })
	out := wireMarkers{Type: "FeatureCollection", Seq: seq, Features: make([]wireMarkerFeature, 0, len(ms))}
	for _, m := range ms {
		out.Features = append(out.Features, wireMarkerFeature{Type: "Feature", ID: m.ID,
			Geometry: geojson.NewGeometry(m.Geometry), Properties: markerProperties(m)})
	}
	body, err := json.Marshal(out)
	if err != nil {
		return err
	}
	// What a reader may see depends on who it is: the tag covers the bytes.
	sum := sha256.Sum256(body)
	tag := `"` + hex.EncodeToString(sum[:12]) + `"`
	c.Header("ETag", tag)
	c.Header("Cache-Control", "private, no-cache")
	c.Header("Vary", "Authorization")
	if c.GetHeader("If-None-Match") == tag {
		c.Status(http.StatusNotModified)
		return nil
	}
	c.Data(http.StatusOK, "application/geo+json", body)
	return nil
}

func markerProperties(m atelier.Marker) map[string]any {
	properties := map[string]any{"themes": []string{}, "reasons": []string{}, "moments": []string{}}
	for name, v := range m.Attributes.Map() {
		properties[name] = v
	}
	properties["felt"], properties["table"], properties["author"] = m.Felt, m.Table, m.Author
	properties["quartier"], properties["h3"], properties["seq"] = m.Quartier, m.Cell, m.Seq
	if m.Hidden {
		properties["hidden"] = true
	}
	return properties
}

func (a *API) lateOperations(c *gin.Context, at atelier.Atelier, p auth.Principal) error {
	if !p.Animates(at.Territoire) {
		return fault.New(fault.Forbidden, "reserve_animateur", "Seul l’animateur peut voir cela.")
	}
	counts, err := a.Store.Late(c.Request.Context(), at.Territoire, at.ID)
	if err != nil {
		return err
	}
	tables := make([]gin.H, 0, len(counts))
	for _, t := range counts {
		tables = append(tables, gin.H{"numero": t.Numero, "operations": t.Operations, "participants": t.Participants})
	}
	c.JSON(http.StatusOK, gin.H{"tables": tables})
	return nil
}

const (
	// heartbeat keeps proxies from closing an idle stream.
	heartbeat = 14 * time.Second
	// patience is how long a write to one reader may take before it is dropped:
	// it comes back with the number of its last event.
	patience = 10 * time.Second
)

func (a *API) stream(c *gin.Context, at atelier.Atelier, p auth.Principal) error {
	after, err := number(c, "after", -1)
	if last := c.GetHeader("Last-Event-ID"); err == nil && last != "" {
		after, err = readNumber(last, "Last-Event-ID")
	}
	if err != nil {
		return err
	}
	v := viewer(p)
	if device := c.GetHeader("Appareil"); device != "" {
		if v.Device, err = uuid.Parse(device); err != nil { // the door has checked it
			return err
		}
	}
	reader, err := a.Live.Read(c.Request.Context(), at, v, after)
	if err != nil {
		return err
	}
	defer reader.Close()
	if err := a.watched(c, at, 0); err != nil {
		return err
	}
	c.Header("Content-Type", "text/event-stream; charset=utf-8")
	c.Header("X-Accel-Buffering", "no")
	c.Status(http.StatusOK)
	out := http.NewResponseController(c.Writer)
	frame := []byte(": bienvenue\n\n")
	for {
		if err := out.SetWriteDeadline(time.Now().Add(patience)); err != nil {
			return nil
		}
		if _, err := c.Writer.Write(frame); err != nil {
			return nil // the reader has left, or is too slow
		}
		if err := out.Flush(); err != nil {
			return nil
		}
		events, err := reader.Next(c.Request.Context(), heartbeat)
		if err != nil {
			return nil // the reader comes back with its last number
		}
		if !a.stillReads(c, at, p, events) {
			return nil // the reader comes back, and is told why
		}
		frame = encodeEvents(frame[:0], events)
	}
}

// stillReads reports whether whoever opened a stream may be told events. Of the
// staff it asks each time: a revoked session, a closed account and another role
// read nothing more, at the latest when the authenticator no longer believes what
// it knows. A resident's token cannot be revoked, but the seat can be erased; that
// is an event of the room, a snapshot. Where the database does not answer the stream
// goes on, as nothing new is in it either.
func (a *API) stillReads(c *gin.Context, at atelier.Atelier, p auth.Principal, events []live.Event) bool {
	if p.Role == auth.Habitant {
		anew := slices.ContainsFunc(events, func(e live.Event) bool { return e.Name == "snapshot" })
		return !anew || fault.KindOf(a.seated(c.Request.Context(), at, p)) != fault.Unauthorized
	}
	now, err := a.Auth.Of(c.Request)
	if err != nil {
		return fault.KindOf(err) != fault.Unauthorized
	}
	return now.Animates(at.Territoire)
}

// seated refuses a resident whose seat has been erased: the token outlives it.
func (a *API) seated(ctx context.Context, at atelier.Atelier, p auth.Principal) error {
	_, err := a.Store.Participant(ctx, at, p.Participant.ID)
	if fault.KindOf(err) == fault.NotFound {
		return fault.New(fault.Unauthorized, "acces_inconnu", "Votre accès n’est plus reconnu. Entrez de nouveau le code de votre table.")
	}
	return err
}

// encodeEvents writes events as text/event-stream; none is a comment. The data
// is JSON of one line.
func encodeEvents(b []byte, events []live.Event) []byte {
	if len(events) == 0 {
		return append(b, ": \n\n"...)
	}
	for _, e := range events {
		b = append(append(append(b, "event: "...), e.Name...), '\n')
		if e.ID > 0 || e.Name == "snapshot" {
			b = append(strconv.AppendInt(append(b, "id: "...), e.ID, 10), '\n')
		}
		b = append(append(append(b, "data: "...), e.Data...), "\n\n"...)
	}
	return b
}
