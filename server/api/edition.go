package api

import (
	"bytes"
	"context"
	"encoding/csv"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"quietude/geo"
	"quietude/geo/edition"
	"quietude/geo/hexgrid"
	"quietude/geo/tile"
	"quietude/server/compterendu"
	"quietude/server/fault"
	"quietude/server/store"
)

// What everybody may read. Every byte of these answers follows from the tables
// of the schema publication, through a pool that can read nothing else, and
// from the quartiers, which say nothing about people.
func (a *API) editionRoutes() []Route {
	const one = "/api/v1/quartiers/{code}/editions/{numero}"
	return []Route{
		{Method: http.MethodGet, Path: "/api/v1/editions", Handle: a.editions},
		{Method: http.MethodGet, Path: "/api/v1/rencontres", Handle: a.rencontres},
		{Method: http.MethodGet, Path: one, Handle: a.edition},
		{Method: http.MethodGet, Path: one + "/hexagones", Handle: a.editionHexagones},
		{Method: http.MethodGet, Path: one + "/hexagones.csv", Handle: a.editionTable},
		{Method: http.MethodGet, Path: one + "/canonique.txt", Handle: a.editionCanonical},
		{Method: http.MethodGet, Path: "/tiles/editions.json", Handle: a.editionTileJSON},
		{Method: http.MethodGet, Path: "/tiles/editions/{z}/{x}/{y}.mvt", Handle: a.editionTile, Heavy: true},
	}
}

// editionCaching: what is published is for everybody's cache, for the time that
// a withdrawal may take to be seen.
const editionCaching = "public, max-age=60"

// layerEditions names the layer of tiles.
const layerEditions = "editions"

// published is an edition with its row.
type published struct {
	store.PublicEdition
	edition.Edition // zero when withdrawn
	shapes          []orb.MultiPolygon
}

// shelves keep the editions of each territoire as they were last read: to read
// the canonical text and draw its outlines costs more than to ask whether
// anything has changed.
type shelves struct {
	mu   sync.Mutex
	kept map[string]*shelf
}

type shelf struct {
	state string
	all   []published // by quartier and number
}

var errNoPublic = fault.New(fault.Unavailable, "public_absent", "Les pages publiques ne sont pas encore configurées sur ce serveur.")

// shelf gives what is published of a territoire now.
func (a *API) shelf(ctx context.Context, territoire string) (*shelf, error) {
	if a.Public == nil {
		return nil, errNoPublic
	}
	state, err := a.Public.State(ctx, territoire)
	if err != nil {
		return nil, err
	}
	a.shelves.mu.Lock()
	kept := a.shelves.kept[territoire]
	a.shelves.mu.Unlock()
	if kept != nil && kept.state == state {
		return kept, nil
	}
	rows, err := a.Public.Editions(ctx, territoire)
	if err != nil {
		return nil, err
	}
	fresh := &shelf{state: state, all: make([]published, len(rows))}
	for i, row := range rows {
		if fresh.all[i], err = newPublished(row); err != nil {
			return nil, err
		}
	}
	a.shelves.mu.Lock()
	defer a.shelves.mu.Unlock()
	if a.shelves.kept == nil {
		a.shelves.kept = map[string]*shelf{}
	}
	a.shelves.kept[territoire] = fresh
	return fresh, nil
}

// newPublished reads the canonical text again, with all its rules, and draws.
func newPublished(row store.PublicEdition) (published, error) {
	p := published{PublicEdition: row}
	if row.WithdrawnOn != nil {
		return p, nil
	}
	var err error
	if p.Edition, err = edition.Read(row.Canonical, row.Hash); err != nil {
		return p, err
	}
	for _, h := range p.Hexagons() {
		shape, err := hexgrid.Outline(h.Members())
		if err != nil {
			return p, err
		}
		p.shapes = append(p.shapes, snapped(shape))
	}
	return p, nil
}

// snapped puts corners on the stored grid, on which neighbours meet.
func snapped(shape orb.MultiPolygon) orb.MultiPolygon {
	for i := range shape {
		shape[i] = geo.SnapPolygon(shape[i])
	}
	return shape
}

var (
	errNoEdition = fault.New(fault.NotFound, "edition_inconnue", "Cette édition n’existe pas.")
	errWithdrawn = fault.New(fault.Gone, "edition_retiree", "Cette édition a été retirée.")
)

// editionOf gives the edition that the path names.
func (a *API) editionOf(c *gin.Context) (published, error) {
	city, err := a.territoire(c)
	if err != nil {
		return published{}, err
	}
	all, err := a.shelf(c.Request.Context(), city.Code)
	if err != nil {
		return published{}, err
	}
	c.Header("Cache-Control", editionCaching)
	numero, _ := strconv.Atoi(c.Param("numero")) // the contract has checked it
	for _, p := range all.all {
		switch {
		case p.PublicEdition.Quartier != c.Param("code") || p.PublicEdition.Numero != numero:
		case p.WithdrawnOn != nil:
			return published{}, errWithdrawn
		default:
			return p, nil
		}
	}
	return published{}, errNoEdition
}

type wireEdition struct {
	Territoire  string      `json:"territoire"`
	Quartier    string      `json:"quartier"`
	Numero      int         `json:"numero"`
	Demo        bool        `json:"demo"`
	PublishedOn string      `json:"published_on"`
	WithdrawnOn string      `json:"withdrawn_on,omitempty"`
	Ateliers    []string    `json:"ateliers,omitempty"`
	Period      *wirePeriod `json:"period,omitempty"`
	Resolution  int         `json:"resolution,omitempty"`
	Threshold   int         `json:"threshold,omitempty"`
	Addresses   *bool       `json:"address_rule,omitempty"`
	Hexagons    *int        `json:"hexagons,omitempty"`
	Hash        string      `json:"hash,omitempty"`
}

type wirePeriod struct {
	From edition.Day `json:"from"`
	To   edition.Day `json:"to"`
}

func newWireEdition(p published) wireEdition {
	row := p.PublicEdition
	w := wireEdition{Territoire: row.Territoire, Quartier: row.Quartier, Numero: row.Numero, Demo: row.Demo,
		PublishedOn: row.PublishedOn.Format(time.DateOnly)}
	if row.WithdrawnOn != nil {
		w.WithdrawnOn = row.WithdrawnOn.Format(time.DateOnly)
		return w
	}
	describe(&w, p.Edition)
	return w
}

// describe says what is the same for an edition and its draft.
func describe(w *wireEdition, e edition.Edition) {
	rule, n := e.AddressRule(), len(e.Hexagons())
	w.Resolution, w.Threshold, w.Addresses, w.Hexagons, w.Hash = int(e.Resolution()), e.Threshold(), &rule, &n, e.Hash()
	for _, day := range e.Days() {
		w.Ateliers = append(w.Ateliers, string(day))
	}
	if from, to, ok := e.Period(); ok {
		w.Period = &wirePeriod{from, to}
	}
}

func (a *API) editions(c *gin.Context) error {
	city, err := a.territoire(c)
	if err != nil {
		return err
	}
	all, err := a.shelf(c.Request.Context(), city.Code)
	if err != nil {
		return err
	}
	out := []wireEdition{}
	for _, p := range all.all {
		out = append(out, newWireEdition(p))
	}
	c.Header("Cache-Control", editionCaching)
	return answerTagged(c, mediaJSON, struct {
		Editions  []wireEdition      `json:"editions"`
		Omissions []edition.Omission `json:"omissions"`
	}{out, edition.Omissions[:]})
}

type wireRencontre struct {
	Quartier string    `json:"quartier"`
	Kind     string    `json:"kind"`
	Titre    string    `json:"titre"`
	Lieu     string    `json:"lieu"`
	StartsAt time.Time `json:"starts_at"`
	ClosesAt time.Time `json:"closes_at"`
	Demo     bool      `json:"demo"`
}

func (a *API) rencontres(c *gin.Context) error {
	city, err := a.territoire(c)
	if err != nil {
		return err
	}
	if a.Public == nil {
		return errNoPublic
	}
	rows, err := a.Public.Rencontres(c.Request.Context(), city.Code)
	if err != nil {
		return err
	}
	out := []wireRencontre{}
	for _, r := range rows {
		out = append(out, wireRencontre{r.Quartier, r.Kind, r.Titre, r.Lieu, r.StartsAt.UTC(), r.ClosesAt.UTC(), r.Demo})
	}
	c.Header("Cache-Control", editionCaching)
	return answerTagged(c, mediaJSON, struct {
		Rencontres []wireRencontre `json:"rencontres"`
	}{out})
}

// wireClass is a number of people as a class.
type wireClass struct {
	AtLeast int  `json:"at_least"`
	AtMost  *int `json:"at_most"` // null for the open class
}

func newWireClass(c edition.Class) *wireClass {
	if c.Absent() {
		return nil
	}
	w := wireClass{AtLeast: c.AtLeast()}
	if most, bounded := c.AtMost(); bounded {
		w.AtMost = &most
	}
	return &w
}

type wireEditionHexagon struct {
	H3      hexgrid.Cell `json:"h3"`
	Reading string       `json:"reading"`
	Unsafe  *wireClass   `json:"unsafe"`
	Safe    *wireClass   `json:"safe"`
}

type wireBar struct {
	Code   string     `json:"code"`
	People *wireClass `json:"people"`
}

type wireEditionContent struct {
	wireEdition
	Hexagons  []wireEditionHexagon `json:"content"`
	Themes    []wireBar            `json:"themes"`
	Dayparts  []wireBar            `json:"dayparts"`
	Omissions []edition.Omission   `json:"omissions"`
}

func newWireContent(w wireEdition, e edition.Edition) wireEditionContent {
	out := wireEditionContent{wireEdition: w, Hexagons: []wireEditionHexagon{}, Themes: bars(e.Themes()), Dayparts: bars(e.Dayparts()),
		Omissions: edition.Omissions[:]}
	for _, h := range e.Hexagons() {
		out.Hexagons = append(out.Hexagons, wireEditionHexagon{h.Cell(), h.Reading(), newWireClass(h.Unsafe()), newWireClass(h.Safe())})
	}
	return out
}

func bars(all []edition.Bar) []wireBar {
	out := make([]wireBar, len(all))
	for i, b := range all {
		out[i] = wireBar{b.Code(), newWireClass(b.Class())}
	}
	return out
}

func (a *API) edition(c *gin.Context) error {
	p, err := a.editionOf(c)
	if err != nil {
		return err
	}
	return answerTagged(c, mediaJSON, newWireContent(newWireEdition(p), p.Edition))
}

type editionProperties struct {
	H3       hexgrid.Cell `json:"h3"`
	Quartier string       `json:"quartier"`
	Numero   int          `json:"numero"`
	Reading  string       `json:"reading"`
	Unsafe   *wireClass   `json:"unsafe"`
	Safe     *wireClass   `json:"safe"`
}

type sumProperties struct {
	H3       hexgrid.Cell `json:"h3"`
	Quartier string       `json:"quartier"`
	Numero   int          `json:"numero"`
	// Published is how many published hexagons the sums are about.
	Published int `json:"published"`
	Unsafe    int `json:"unsafe_at_least"`
	Safe      int `json:"safe_at_least"`
}

func answerFeatures[P any](c *gin.Context, all []feature[P]) error {
	return answerTagged(c, mediaGeoJSON, collection[P]{Type: "FeatureCollection", Features: all})
}

// editionHexagones gives the published hexagons, or at a coarser resolution the
// sums over them.
func (a *API) editionHexagones(c *gin.Context) error {
	p, err := a.editionOf(c)
	if err != nil {
		return err
	}
	if r := hexgrid.Resolution(intQuery(c, "resolution", int(p.Resolution()))); r != p.Resolution() {
		return answerSums(c, p, r)
	}
	return answerFeatures(c, p.features())
}

func answerSums(c *gin.Context, p published, r hexgrid.Resolution) error {
	sums, err := p.Zoom(r)
	if err != nil {
		return fault.New(fault.Unprocessable, "resolution_trop_fine", "Cette édition n’est pas publiée à cette taille d’hexagone.").At("resolution").Because(err)
	}
	all := []feature[sumProperties]{}
	for _, s := range sums {
		shape := geo.SnapPolygon(orb.Polygon{s.Cell.Boundary()})
		all = append(all, feature[sumProperties]{Type: "Feature", ID: s.Cell.String(), Geometry: geojson.NewGeometry(shape),
			Properties: sumProperties{s.Cell, p.Edition.Quartier(), p.Edition.Numero(), s.Hexagons, s.Unsafe, s.Safe}})
	}
	return answerFeatures(c, all)
}

// editionTable is comma-separated, UTF-8, as hexagones.csv.
func (a *API) editionTable(c *gin.Context) error {
	p, err := a.editionOf(c)
	if err != nil {
		return err
	}
	var body bytes.Buffer
	w := csv.NewWriter(&body)
	w.UseCRLF = true
	lines := [][]string{{"h3", "quartier", "numero", "reading", "unsafe", "safe", "longitude", "latitude"}}
	for _, h := range p.Hexagons() {
		at := geo.Snap(h.Cell().Centre())
		lines = append(lines, []string{h.Cell().String(), csvText(p.Edition.Quartier()), strconv.Itoa(p.Edition.Numero()), h.Reading(), compterendu.ClassWords(h.Unsafe()), compterendu.ClassWords(h.Safe()),
			strconv.FormatFloat(at[0], 'f', -1, 64), strconv.FormatFloat(at[1], 'f', -1, 64)})
	}
	if err := w.WriteAll(lines); err != nil {
		return err
	}
	c.Header("Content-Disposition", `attachment; filename="edition-`+p.Edition.Quartier()+"-"+strconv.Itoa(p.Edition.Numero())+`.csv"`)
	return answerText(c, "text/csv; charset=utf-8", body.Bytes())
}

func answerText(c *gin.Context, media string, body []byte) error {
	if !NotModified(c, contentTag(body)) {
		c.Data(http.StatusOK, media, body)
	}
	return nil
}

// editionCanonical is the text whose SHA-256 is the hash.
func (a *API) editionCanonical(c *gin.Context) error {
	p, err := a.editionOf(c)
	if err != nil {
		return err
	}
	return answerText(c, "text/plain; charset=utf-8", p.Edition.Canonical())
}

func (a *API) editionTileJSON(c *gin.Context) error {
	c.Header("Cache-Control", editionCaching)
	return a.answerTileJSON(c, layerEditions)
}

// editionTile shows the newest edition of each quartier.
func (a *API) editionTile(c *gin.Context) error {
	at, err := tile.ParseCoord(c.Param("z"), c.Param("x"), c.Param("y"))
	if err != nil {
		return fault.New(fault.NotFound, "tuile_inconnue", "Cette tuile n’existe pas.").Because(err)
	}
	city, err := a.territoire(c)
	if err != nil {
		return err
	}
	all, err := a.shelf(c.Request.Context(), city.Code)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", editionCaching)
	body, err := tile.EncodeAreas(at, layerEditions, areasOf(newest(all.all)))
	if err != nil {
		return err
	}
	return answerTile(c, body, contentTag(body))
}

// newest keeps the last edition of each quartier that was not withdrawn.
func newest(all []published) []published {
	var out []published
	for _, p := range all {
		if p.WithdrawnOn != nil {
			continue
		}
		if n := len(out); n > 0 && out[n-1].Edition.Quartier() == p.Edition.Quartier() {
			out = out[:n-1]
		}
		out = append(out, p)
	}
	return out
}

func areasOf(all []published) (areas []tile.Area) {
	for _, p := range all {
		for i, h := range p.Hexagons() {
			properties := geojson.Properties{"h3": h.Cell().String(), "quartier": p.Edition.Quartier(), "numero": p.Edition.Numero(), "reading": h.Reading()}
			for name, class := range map[string]edition.Class{"unsafe": h.Unsafe(), "safe": h.Safe()} {
				if !class.Absent() {
					properties[name] = class.AtLeast()
				}
			}
			areas = append(areas, tile.Area{ID: uint64(len(areas) + 1), Shape: p.shapes[i], Properties: properties})
		}
	}
	return areas
}

// editionFields are what a hexagon of a tile says.
var editionFields = map[string]string{
	"h3": "String: H3 cell", "quartier": "String: code", "numero": "Number: edition", "reading": "String: unsafe, safe or contested",
	"unsafe": "Number: at least so many people feel unsafe; absent below the threshold", "safe": "Number: at least so many people feel safe; absent below the threshold",
}
