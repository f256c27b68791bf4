package api

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"quietude/geo"
	"quietude/geo/hexgrid"
	"quietude/server/atelier"
	"quietude/server/fault"
	"quietude/server/store"
)

func (a *API) signalementRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Path: "/api/v1/signalements", Handle: a.signalements, Heavy: true},
		{Method: http.MethodPost, Path: "/api/v1/signalements", Handle: a.addSignalement, Position: "geometry"},
	}
}

type newSignalement struct {
	ID           *uuid.UUID      `json:"id"`
	Geometry     json.RawMessage `json:"geometry"`
	Theme        atelier.Theme   `json:"theme"`
	Subtheme     string          `json:"subtheme"`
	Nature       string          `json:"nature"`
	OccurredFrom *time.Time      `json:"occurred_from"`
	OccurredTo   *time.Time      `json:"occurred_to"`
	Frequency    string          `json:"frequency"`
	Since        string          `json:"since"`
	Place        string          `json:"place"`
	Severity     int             `json:"severity"`
	Avoids       *bool           `json:"avoids"`
	Approached   []string        `json:"approached"`
	Note         string          `json:"note"`
	Contact      *sentContact    `json:"contact"`
}

// sentContact is how the person agrees to be invited to an atelier; it is kept
// apart from what was reported.
type sentContact struct {
	Nom     string `json:"nom"`
	Email   string `json:"email"`
	Adresse string `json:"adresse"`
}

// domain is what was sent as a signalement of the territoire, with the
// defaults of the contract.
func (n newSignalement) domain(territoire string, now time.Time) atelier.Signalement {
	s := atelier.Signalement{Territoire: territoire, Theme: n.Theme, Subtheme: strings.TrimSpace(n.Subtheme),
		Nature: n.Nature, OccurredFrom: now, Frequency: n.Frequency, Since: n.Since, Place: n.Place,
		Severity: n.Severity, Avoids: n.Avoids, Approached: n.Approached, Note: strings.TrimSpace(n.Note),
		Origin: fromResident}
	if n.OccurredFrom != nil {
		s.OccurredFrom = *n.OccurredFrom
	} else if n.OccurredTo != nil {
		s.OccurredFrom = *n.OccurredTo
	}
	s.OccurredTo = s.OccurredFrom
	if n.OccurredTo != nil {
		s.OccurredTo = *n.OccurredTo
	}
	s.ID = uuid.Must(uuid.NewV7()) // crypto/rand never fails since Go 1.24
	if n.ID != nil {
		s.ID = *n.ID
	}
	return s
}

func (a *API) addSignalement(c *gin.Context) error {
	city, err := a.territoire(c)
	if err != nil {
		return err
	}
	body := bodyOf(c)
	var sent newSignalement
	if err := body.Decode(&sent); err != nil {
		return err
	}
	s := sent.domain(city.Code, a.Now())
	if s.ID == uuid.Nil {
		return fault.New(fault.Invalid, "identifiant_invalide", "Cet identifiant n’est pas un UUID.").At("id")
	}
	if s.Position, err = geo.DecodePoint(sent.Geometry); err != nil {
		return err
	}
	if s.Quartier, err = city.QuartierOf(s.Position); err != nil {
		return atGeometry(err)
	}
	if s.Cell, err = hexgrid.CellOf(s.Position, hexgrid.Stored); err != nil {
		return atGeometry(err)
	}
	if err := s.Check(a.Now()); err != nil {
		return err
	}
	var contact *atelier.Contact
	if sent.Contact != nil {
		contact = &atelier.Contact{Nom: sent.Contact.Nom, Email: sent.Contact.Email, Adresse: sent.Contact.Adresse}
		if err := contact.Check(); err != nil {
			return err
		}
	}
	// An address is not in the digest either: it could be guessed from there.
	digest, err := digestOf(body.without("contact"))
	if err != nil {
		return err
	}
	if err := a.mayReport(c); err != nil {
		return err
	}
	receipt, err := a.receipts.of(c, a.Store, s)
	if err != nil {
		return err
	}
	s.Receipt = atelier.ReceiptDigest(receipt)
	stored, created, err := a.Store.AddSignalement(c.Request.Context(), s, digest)
	if err != nil {
		if fault.KindOf(err) == fault.Conflict {
			return fault.As(err).With("sent", body.Raw)
		}
		return err
	}
	if contact != nil {
		// Sent again, it writes what a lost answer may have left out.
		if err := a.Store.AddReporter(c.Request.Context(), city.Code, stored.ID, *contact); err != nil {
			return err
		}
	}
	status := http.StatusOK
	if created {
		status = http.StatusCreated
		a.Maps.Touch(city.Code)
	}
	return answer(c, status, mediaGeoJSON, struct {
		feature[signalementProperties]
		Receipt string `json:"receipt"`
	}{signalementFeature(stored, false), receipt})
}

// receiptKey is the secret from which receipts are made; all nodes share it.
type receiptKey struct {
	mu  sync.Mutex
	key []byte
}

func (k *receiptKey) of(c *gin.Context, from *store.Store, s atelier.Signalement) (string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.key == nil {
		key, err := from.Secret(c.Request.Context(), "receipt")
		if err != nil {
			return "", err
		}
		k.key = key
	}
	return atelier.Receipt(k.key, s.Territoire, s.ID), nil
}

// atGeometry names the member when geo named none.
func atGeometry(err error) error {
	if f := faultOf(err); f.Field == "" && f.Kind != fault.Internal {
		return f.At("geometry")
	}
	return err
}

// digestOf identifies the content of a body whatever the order of its members
// and its white space.
func digestOf(b Body) ([]byte, error) {
	decoder := json.NewDecoder(strings.NewReader(string(b.Raw)))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		return nil, err
	}
	canonical, err := json.Marshal(v) // sorts the members
	sum := sha256.Sum256(canonical)
	return sum[:], err
}

type signalementProperties struct {
	Territoire   string        `json:"territoire"`
	Quartier     *string       `json:"quartier"`
	H3           hexgrid.Cell  `json:"h3"`
	Theme        atelier.Theme `json:"theme"`
	Subtheme     string        `json:"subtheme,omitempty"`
	Nature       string        `json:"nature,omitempty"`
	OccurredFrom time.Time     `json:"occurred_from"`
	OccurredTo   time.Time     `json:"occurred_to"`
	ReceivedAt   time.Time     `json:"received_at"`
	Frequency    string        `json:"frequency,omitempty"`
	Since        string        `json:"since,omitempty"`
	Place        string        `json:"place,omitempty"`
	Severity     int           `json:"severity,omitempty"`
	Avoids       *bool         `json:"avoids,omitempty"`
	Approached   []string      `json:"approached,omitempty"`
	Origin       string        `json:"origin"`
	Demo         bool          `json:"demo"`
	HasNote      bool          `json:"has_note,omitempty"`
	Note         string        `json:"note,omitempty"` // as moderated
}

// fromResident is the origin of what residents report themselves.
const fromResident = "habitant"

// signalementFeature is what may be read; texts says whether that includes what
// moderation lets be read of the free texts. A sub-theme that a resident typed is
// free text like the note: both may hold a name or a plate, and wait for
// moderation. That of an import is a category of its source.
func signalementFeature(s store.ListedSignalement, texts bool) feature[signalementProperties] {
	if s.Origin == fromResident && s.Subtheme != "" {
		s.Subtheme, s.HasNote = "", true
		if texts {
			s.Subtheme = s.ModeratedSubtheme
		}
	}
	p := signalementProperties{Territoire: s.Territoire, H3: s.Cell, Theme: s.Theme, Subtheme: s.Subtheme,
		Nature: s.Nature, OccurredFrom: s.OccurredFrom.UTC(), OccurredTo: s.OccurredTo.UTC(), ReceivedAt: s.ReceivedAt.UTC(),
		Frequency: s.Frequency, Since: s.Since, Place: s.Place, Severity: s.Severity, Avoids: s.Avoids,
		Approached: s.Approached, Origin: s.Origin, Demo: s.Demo, HasNote: s.HasNote}
	if texts {
		p.Note = s.ModeratedNote
	}
	if s.Quartier != "" {
		p.Quartier = &s.Quartier
	}
	return feature[signalementProperties]{Type: "Feature", ID: s.ID.String(), Geometry: geojson.NewGeometry(s.Position), Properties: p}
}

func (a *API) signalements(c *gin.Context) error {
	city, err := a.territoire(c)
	if err != nil {
		return err
	}
	f := store.SignalementFilter{Quartier: c.Query("quartier"), Limit: intQuery(c, "limit", 100)}
	if f.Themes, err = readThemes(c.Query("theme")); err != nil {
		return err
	}
	if f.From, f.To, err = readPeriod(c.Query("from"), c.Query("to"), city.Zone, a.Now()); err != nil {
		return err
	}
	if f.Box, err = readBox(c.Query("bbox")); err != nil {
		return err
	}
	if f.BeforeAt, f.BeforeID, err = readCursor(c.Query("cursor")); err != nil {
		return err
	}
	limit := f.Limit
	f.Limit++ // one more tells whether a next page exists
	found, err := a.Store.Signalements(c.Request.Context(), city.Code, f)
	if err != nil {
		return err
	}
	out := collection[signalementProperties]{Type: "FeatureCollection", Features: []feature[signalementProperties]{}}
	if len(found) > limit {
		found = found[:limit]
		out.Next = cursorOf(found[limit-1])
	}
	texts := readsTexts(a.principal(c), city.Code)
	for _, s := range found {
		out.Features = append(out.Features, signalementFeature(s, texts))
	}
	if err := a.consulted(c, len(out.Features)); err != nil {
		return err
	}
	return answer(c, http.StatusOK, mediaGeoJSON, out)
}

// readBox reads west,south,east,north in degrees; nil when there is none.
func readBox(text string) (*orb.Bound, error) {
	if text == "" {
		return nil, nil
	}
	bad := fault.New(fault.Invalid, "bbox_invalide", "Le cadre s’écrit ouest,sud,est,nord, en degrés.").At("bbox")
	parts := strings.Split(text, ",")
	if len(parts) != 4 {
		return nil, bad
	}
	var v [4]float64
	for i, part := range parts {
		n, err := strconv.ParseFloat(part, 64)
		if err != nil || math.IsNaN(n) {
			return nil, bad
		}
		v[i] = n
	}
	box := orb.Bound{Min: orb.Point{v[0], v[1]}, Max: orb.Point{v[2], v[3]}}
	if geo.CheckPosition(box.Min) != nil || geo.CheckPosition(box.Max) != nil || v[0] > v[2] || v[1] > v[3] {
		return nil, bad
	}
	return &box, nil
}

// cursorOf is the place of a signalement in the list, opaque to clients.
func cursorOf(s store.ListedSignalement) string {
	return base64.RawURLEncoding.EncodeToString([]byte(s.ReceivedAt.UTC().Format(time.RFC3339Nano) + " " + s.ID.String()))
}

// readCursor reads a place made by cursorOf; a zero time when there is none.
func readCursor(text string) (at time.Time, id uuid.UUID, err error) {
	if text == "" {
		return at, id, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	first, second, _ := strings.Cut(string(raw), " ")
	if err == nil {
		at, err = time.Parse(time.RFC3339Nano, first)
	}
	if err == nil {
		id, err = uuid.Parse(second)
	}
	if err != nil || at.Year() < 1970 || at.Year() > 9999 || id == uuid.Nil {
		return at, id, fault.New(fault.Invalid, "cursor_invalide", "Cette suite de liste n’est plus valable ; reprenez au début.").At("cursor")
	}
	return at, id, nil
}
