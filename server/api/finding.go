package api

import (
	"encoding/hex"
	"encoding/json"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"quietude/geo"
	"quietude/server/atelier"
	"quietude/server/auth"
	"quietude/server/fault"
	"quietude/server/hexmap"
	"quietude/server/live"
	"quietude/server/personal"
	"quietude/server/store"
)

func (a *API) findingRoutes() []Route {
	const room = "/api/v1/ateliers/{id}"
	return []Route{
		{Method: http.MethodGet, Path: "/api/v1/organisations", Handle: a.organisations},
		{Method: http.MethodPut, Path: "/api/v1/organisations/{id}", Handle: a.putOrganisation},
		{Method: http.MethodGet, Path: "/api/v1/findings", Handle: a.findings},
		{Method: http.MethodGet, Path: room + "/findings", Handle: a.inRoom(a.roomFindings)},
		{Method: http.MethodPut, Path: room + "/findings/{finding}", Handle: a.inRoom(a.putFinding)},
		{Method: http.MethodGet, Path: room + "/suggestions", Handle: a.inRoom(a.suggestions)},
	}
}

// pathID reads an identifier of the path that the contract has checked.
func pathID(c *gin.Context, name string) (uuid.UUID, error) {
	id, err := uuid.Parse(c.Param(name))
	if err != nil || id == uuid.Nil {
		return uuid.Nil, errUnknownPath
	}
	return id, nil
}

// queryID reads an optional identifier; uuid.Nil when there is none.
func queryID(c *gin.Context, name string) (uuid.UUID, error) {
	text := c.Query(name)
	if text == "" {
		return uuid.Nil, nil
	}
	id, err := uuid.Parse(text)
	if err != nil {
		return uuid.Nil, errBadValue.At(name)
	}
	return id, nil
}

type wireOrganisation struct {
	ID       uuid.UUID `json:"id"`
	Nom      string    `json:"nom"`
	Kind     string    `json:"kind"`
	Archived bool      `json:"archived"`
	Demo     bool      `json:"demo"`
	Email    string    `json:"email,omitempty"`
}

// newWireOrganisation shows where an organisation is reached to those who may
// change that.
func newWireOrganisation(o atelier.Organisation, p auth.Principal) wireOrganisation {
	w := wireOrganisation{ID: o.ID, Nom: o.Nom, Kind: o.Kind, Archived: o.Archived, Demo: o.Demo}
	if p.Role.Sees("Organisation.email") {
		w.Email = o.Email
	}
	return w
}

func (a *API) organisations(c *gin.Context) error {
	city, err := a.territoire(c)
	if err != nil {
		return err
	}
	all, err := a.Store.Organisations(c.Request.Context(), city.Code)
	if err != nil {
		return err
	}
	out := make([]wireOrganisation, len(all))
	for i, o := range all {
		out[i] = newWireOrganisation(o, a.principal(c))
	}
	return answer(c, http.StatusOK, mediaJSON, gin.H{"organisations": out})
}

func (a *API) putOrganisation(c *gin.Context) error {
	city, err := a.territoire(c)
	if err != nil {
		return err
	}
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	var sent struct {
		Nom      string  `json:"nom"`
		Kind     string  `json:"kind"`
		Archived bool    `json:"archived"`
		Email    *string `json:"email"`
	}
	if err := bodyOf(c).Decode(&sent); err != nil {
		return err
	}
	o := atelier.Organisation{Territoire: city.Code, ID: id, Nom: sent.Nom, Kind: sent.Kind, Archived: sent.Archived}
	if err := o.Check(); err != nil {
		return err
	}
	known, err := a.organisationOf(c, city, id)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return err
	}
	o.Email, o.Demo = known.Email, known.Demo
	if sent.Email != nil {
		if o.Email = *sent.Email; o.Email != "" {
			if o.Email, err = atelier.CheckEmail(o.Email, "email"); err != nil {
				return err
			}
		}
	}
	if err := a.Store.PutOrganisation(c.Request.Context(), o); err != nil {
		return err
	}
	if err := a.screen(c, city, atelier.OnOrganisation, id, map[string]string{atelier.ChampNom: o.Nom}); err != nil {
		return err
	}
	if err := a.Store.PublishSuivi(c.Request.Context(), city.Code); err != nil {
		return err
	}
	return answer(c, http.StatusOK, mediaJSON, newWireOrganisation(o, a.principal(c)))
}

type wireFinding struct {
	ID        uuid.UUID         `json:"id"`
	Atelier   uuid.UUID         `json:"atelier"`
	Quartier  string            `json:"quartier"`
	Rang      int               `json:"rang"`
	Titre     string            `json:"titre"`
	Detail    string            `json:"detail"`
	Themes    []atelier.Theme   `json:"themes"`
	Tables    []int             `json:"tables"`
	Geometry  *geojson.Geometry `json:"geometry,omitempty"`
	Answered  bool              `json:"answered"`
	Version   int               `json:"version"`
	CreatedAt time.Time         `json:"created_at"`
	UpdatedAt time.Time         `json:"updated_at"`
	// The rest is for staff.
	Remarks   []uuid.UUID `json:"remarks,omitempty"`
	Markers   []uuid.UUID `json:"markers,omitempty"`
	Actions   []uuid.UUID `json:"actions,omitempty"`
	Dots      *int        `json:"dots,omitempty"`
	Voters    *int        `json:"voters,omitempty"`
	Withdrawn *bool       `json:"withdrawn,omitempty"`
	Held      *bool       `json:"held,omitempty"`
	// Written are the texts that are not shown as they were written.
	Written map[string]string `json:"written,omitempty"`
}

func newWireFinding(f atelier.Finding, p auth.Principal) wireFinding {
	w := wireFinding{ID: f.ID, Atelier: f.Atelier, Quartier: f.Quartier, Rang: f.Rang, Titre: f.Titre, Detail: f.Detail,
		Themes: orEmpty(f.Themes), Tables: orEmpty(f.Tables), Geometry: geometryOrNil(f.Geometry), Answered: f.Answered,
		Version: f.Version, CreatedAt: f.CreatedAt.UTC(), UpdatedAt: f.UpdatedAt.UTC()}
	if p.Role.Sees("Finding.dots") {
		held := f.Written.Held()
		w.Remarks, w.Markers, w.Actions = f.Remarks, f.Markers, f.Actions
		w.Dots, w.Voters, w.Withdrawn, w.Held = &f.Dots, &f.Voters, &f.Withdrawn, &held
		w.Written = wireWritten(f.Written, p)
	}
	return w
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func geometryOrNil(g orb.Geometry) *geojson.Geometry {
	if g == nil {
		return nil
	}
	return geojson.NewGeometry(g)
}

func (a *API) findings(c *gin.Context) error {
	city, err := a.territoire(c)
	if err != nil {
		return err
	}
	f := store.FindingFilter{Quartier: c.Query("quartier")}
	if f.Atelier, err = queryID(c, "atelier"); err != nil {
		return err
	}
	all, err := a.Store.Findings(c.Request.Context(), city.Code, f)
	if err != nil {
		return err
	}
	if err := a.readTexts(c, writtenIn(a.principal(c), all)); err != nil {
		return err
	}
	return a.answerFindings(c, all, nil)
}

// writtenIn is how many texts of findings a principal reads as they were written.
func writtenIn(p auth.Principal, all []atelier.Finding) (texts int) {
	for _, f := range all {
		texts += len(wireWritten(f.Written, p))
	}
	return texts
}

// wireRead is what may be shown of a remark outside its table, and what whoever
// reads it needs to decide.
type wireRead struct {
	ID     uuid.UUID       `json:"id"`
	State  string          `json:"state"`
	Text   string          `json:"text"`
	Digest string          `json:"digest"`
	Kinds  []personal.Kind `json:"kinds"`
}

// readRemarks are the remarks of a room with what was decided about them.
func (a *API) readRemarks(c *gin.Context, at atelier.Atelier) ([]wireRead, error) {
	ctx := c.Request.Context()
	city, err := a.Places.City(ctx, at.Territoire)
	if err != nil {
		return nil, err
	}
	detector, err := a.detectors.of(c, a.Store, city)
	if err != nil {
		return nil, err
	}
	remarks, err := a.Store.Remarks(ctx, at.Territoire, at.ID)
	if err != nil {
		return nil, err
	}
	ids := make([]uuid.UUID, len(remarks))
	for i, r := range remarks {
		ids[i] = r.ID
	}
	decided, err := a.Store.Readings(ctx, at.Territoire, ids)
	if err != nil {
		return nil, err
	}
	out := []wireRead{}
	for _, r := range remarks {
		if r.Deleted || r.Hidden {
			continue
		}
		shown := decided.Of(r.ID, atelier.ChampTexte, r.Text)
		w := wireRead{r.ID, shown.State, shown.Text, hex.EncodeToString(atelier.TextDigest(r.Text)), []personal.Kind{}}
		for _, f := range detector.Find(r.Text) {
			w.Kinds = append(w.Kinds, f.Kind)
		}
		out = append(out, w)
	}
	return out, nil
}

// roomFindings is what a room reads: residents see what they may vote on, without
// the score; the animateur's screens also which remarks may leave their table.
func (a *API) roomFindings(c *gin.Context, at atelier.Atelier, p auth.Principal) error {
	all, err := a.Store.Findings(c.Request.Context(), at.Territoire, store.FindingFilter{Atelier: at.ID})
	if err != nil {
		return err
	}
	if p.Role == auth.Habitant {
		return a.answerFindings(c, all, nil)
	}
	remarks, err := a.readRemarks(c, at)
	if err != nil {
		return err
	}
	texts := writtenIn(p, all)
	for _, r := range remarks {
		if r.Text != "" {
			texts++
		}
	}
	if texts > 0 {
		if err := a.watched(c, at, texts); err != nil {
			return err
		}
	}
	return a.answerFindings(c, all, remarks)
}

func (a *API) answerFindings(c *gin.Context, all []atelier.Finding, remarks []wireRead) error {
	p := a.principal(c)
	out := make([]wireFinding, 0, len(all))
	for _, f := range all {
		if p.Role.Sees("Finding.withdrawn") || !f.Withdrawn {
			out = append(out, newWireFinding(f, p))
		}
	}
	return answer(c, http.StatusOK, mediaJSON, struct {
		Findings []wireFinding `json:"findings"`
		Remarks  []wireRead    `json:"remarks,omitempty"`
	}{out, remarks})
}

type sentFinding struct {
	Base      int             `json:"base"`
	Rang      int             `json:"rang"`
	Titre     string          `json:"titre"`
	Detail    string          `json:"detail"`
	Themes    []atelier.Theme `json:"themes"`
	Tables    []int           `json:"tables"`
	Geometry  json.RawMessage `json:"geometry"`
	Remarks   []uuid.UUID     `json:"remarks"`
	Markers   []uuid.UUID     `json:"markers"`
	Withdrawn bool            `json:"withdrawn"`
}

func (a *API) putFinding(c *gin.Context, at atelier.Atelier, p auth.Principal) error {
	id, err := pathID(c, "finding")
	if err != nil {
		return err
	}
	var sent sentFinding
	if err := bodyOf(c).Decode(&sent); err != nil {
		return err
	}
	f := atelier.Finding{Territoire: at.Territoire, ID: id, Atelier: at.ID, Rang: sent.Rang, Titre: sent.Titre, Detail: sent.Detail,
		Themes: sent.Themes, Tables: sent.Tables, Remarks: sent.Remarks, Markers: sent.Markers, Withdrawn: sent.Withdrawn}
	city, err := a.Places.City(c.Request.Context(), at.Territoire)
	if err != nil {
		return err
	}
	if f.Geometry, err = drawnIn(city, sent.Geometry); err != nil {
		return err
	}
	if err := f.Check(); err != nil {
		return err
	}
	stored, created, err := a.Store.PutFinding(c.Request.Context(), f, sent.Base)
	clear := func(f atelier.Finding) (wireFinding, error) {
		one := []atelier.Finding{f}
		err := a.Store.ClearFindings(c.Request.Context(), at.Territoire, one)
		return newWireFinding(one[0], p), err
	}
	if err != nil {
		return overtaken(err, func(v any) (any, error) { return clear(v.(atelier.Finding)) })
	}
	texts := map[string]string{atelier.ChampTitre: stored.Titre, atelier.ChampDetail: stored.Detail}
	if err := a.screen(c, city, atelier.OnFinding, stored.ID, texts); err != nil {
		return err
	}
	if err := a.Live.TellFindings(c.Request.Context(), at, string(p.Role)); err != nil {
		return err
	}
	w, err := clear(stored)
	if err != nil {
		return err
	}
	return answer(c, created2xx(created), mediaJSON, w)
}

type wireCluster struct {
	Voices  int               `json:"voices"`
	Markers []uuid.UUID       `json:"markers"`
	At      *geojson.Geometry `json:"at"`
}

// suggestions are the places where residents draw and of which no finding or
// action speaks yet.
func (a *API) suggestions(c *gin.Context, at atelier.Atelier, _ auth.Principal) error {
	ctx := c.Request.Context()
	markers, _, err := a.Live.Markers(ctx, at, live.Viewer{Staff: true})
	if err != nil {
		return err
	}
	findings, err := a.Store.Findings(ctx, at.Territoire, store.FindingFilter{Atelier: at.ID})
	if err != nil {
		return err
	}
	actions, err := a.Store.Actions(ctx, at.Territoire, store.ActionFilter{Atelier: at.ID})
	if err != nil {
		return err
	}
	spoken := map[uuid.UUID]bool{}
	for _, f := range findings {
		for _, id := range f.Markers {
			spoken[id] = spoken[id] || !f.Withdrawn
		}
	}
	for _, x := range actions {
		for _, id := range x.Markers {
			spoken[id] = true
		}
	}
	out := []wireCluster{}
	for _, k := range atelier.Clusters(markers, spoken) {
		out = append(out, wireCluster{k.Voices, k.Markers, geojson.NewGeometry(geo.Snap(k.At))})
	}
	if len(out) > 0 { // the place of one marker is that of its cluster
		if err := a.watched(c, at, len(out)); err != nil {
			return err
		}
	}
	return answer(c, http.StatusOK, mediaJSON, gin.H{"clusters": out})
}

// overtaken shows what is stored to the one whose change came too late.
func overtaken(err error, show func(any) (any, error)) error {
	f := fault.As(err)
	if f == nil || f.Code != "version_depassee" {
		return err
	}
	stored, failed := show(f.Extra["stored"])
	if failed != nil {
		return failed
	}
	return f.With("stored", stored)
}

func created2xx(created bool) int {
	if created {
		return http.StatusCreated
	}
	return http.StatusOK
}

// drawnIn reads the optional place of something in a territoire; nil when
// there is none.
func drawnIn(city *hexmap.City, raw json.RawMessage) (orb.Geometry, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	g, err := geo.DecodeDrawn(raw)
	if err != nil {
		return nil, atGeometry(err)
	}
	if _, err := city.QuartierOf(geo.Anchor(g)); err != nil {
		return nil, atGeometry(err)
	}
	return g, nil
}
