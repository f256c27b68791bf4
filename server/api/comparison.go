package api

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"quietude/geo"
	"quietude/geo/hexgrid"
	"quietude/server/atelier"
	"quietude/server/comparison"
	"quietude/server/export"
	"quietude/server/fault"
	"quietude/server/hexmap"
	"quietude/server/store"
)

func (a *API) comparisonRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Path: "/api/v1/quartiers/{code}/portrait", Handle: a.portrait},
		{Method: http.MethodGet, Path: "/api/v1/quartiers/{code}/changement", Handle: a.change},
		{Method: http.MethodGet, Path: "/api/v1/quartiers/{code}/avant-apres", Handle: a.beforeAfter},
		{Method: http.MethodGet, Path: "/api/v1/comparaisons", Handle: a.comparisons},
	}
}

// figureSeed is the seed of every random draw behind a figure. It is fixed, and
// shown, so that the same data gives the same p-value on every node and day.
const figureSeed = 73065

var (
	errNoQuartier = fault.New(fault.NotFound, "quartier_inconnu", "Ce quartier n’existe pas.").At("code")
	errSame       = fault.New(fault.Unprocessable, "comparaison_identique",
		"Une comparaison demande deux choses différentes : la même est donnée deux fois.")
)

// quartierOf is the quartier that the path names, for professionals.
func (a *API) quartierOf(c *gin.Context) (*hexmap.City, atelier.Quartier, error) {
	city, err := a.territoire(c)
	if err != nil {
		return nil, atelier.Quartier{}, err
	}
	q, ok := city.Area(c.Param("code"))
	if !ok {
		return nil, q, errNoQuartier
	}
	return city, q, nil
}

// figure makes a figure, or finds it made, and answers with it; while it is
// being made the answer is 202 with the progress. question says all that the
// figure depends on besides the data.
func (a *API) figure(c *gin.Context, city *hexmap.City, question string, draw func(ctx context.Context, progress func(done, total int)) (figure, error)) error {
	ctx := c.Request.Context()
	view, err := a.Maps.View(ctx, city.Code)
	if err != nil {
		return err
	}
	revision, err := a.Store.ComparisonRevision(ctx, city.Code)
	if err != nil {
		return err
	}
	// A period without an end goes to today.
	today := a.Now().In(city.Zone).Format(time.DateOnly)
	key := fmt.Sprint(city.Code, city.Revision, view.Boot(), view.Revision(), revision, today, c.FullPath(), question)
	answered, err := a.desk.Ask(ctx, key, testPatience, func(ctx context.Context, progress func(done, total int)) (any, error) {
		return draw(ctx, progress)
	})
	if err != nil {
		return err
	}
	if !answered.Done {
		return unfinished(c, answered.Progress, nil)
	}
	return answerFigure(c, answered.Value.(figure))
}

// unfinished says how far the work on a figure is, unless it failed.
func unfinished(c *gin.Context, progress float64, err error) error {
	if err != nil {
		return err
	}
	c.Header("Retry-After", "1")
	c.Header("Cache-Control", "private, no-store")
	return answer(c, http.StatusAccepted, mediaJSON, struct {
		Progress float64 `json:"progress"`
	}{progress})
}

// figure is what can be told in every format.
type figure interface {
	document() any
	// tables are its numbers, by figure name.
	tables() []export.Table
	// features are its map; nil where it has none.
	features() *mapped
}

// mapped is a GeoJSON FeatureCollection that says what it rests on.
type mapped struct {
	Type     string            `json:"type"`
	Contexte map[string]string `json:"contexte"`
	// Colonnes are what the properties of features mean.
	Colonnes map[string]string         `json:"colonnes"`
	Features []feature[map[string]any] `json:"features"`
	name     string                    // of the file, without its ending
}

func newMapped(title string, x export.Context) *mapped {
	return &mapped{Type: "FeatureCollection", name: "hexagones", Features: []feature[map[string]any]{}, Colonnes: map[string]string{}, Contexte: map[string]string{
		"titre": title, "source": x.Source, "periode": x.Period, "n": x.N, "reserve": x.Caveat, "etabli_le": x.Made.Format(time.DateOnly)}}
}

func (m *mapped) add(id string, cell hexgrid.Cell, properties map[string]any) {
	m.draw(id, orb.Polygon{snapRing(cell.Boundary())}, properties)
}

// draw adds what is no hexagon.
func (m *mapped) draw(id string, shape orb.Geometry, properties map[string]any) {
	for name := range properties {
		if m.Colonnes[name] == "" {
			m.Colonnes[name] = export.Columns(name)[0].Meaning()
		}
	}
	m.Features = append(m.Features, feature[map[string]any]{Type: "Feature", ID: id, Geometry: geojson.NewGeometry(shape), Properties: properties})
}

// properties are the cells of a row by the names of their columns.
func properties(columns []string, row []any) map[string]any {
	out := make(map[string]any, len(row))
	for i, cell := range row {
		out[columns[i]] = cell
	}
	return out
}

func snapRing(ring orb.Ring) orb.Ring {
	out := make(orb.Ring, len(ring))
	for i, p := range ring {
		out[i] = geo.Snap(p)
	}
	return out
}

// answerFigure writes a figure as `format` asks: json, csv (one table, named by
// `figure`), xlsx (all of them) or geojson.
func answerFigure(c *gin.Context, f figure) error {
	return answerFigureAs(c, f, c.DefaultQuery("format", "json"))
}

func answerFigureAs(c *gin.Context, f figure, format string) error {
	var body bytes.Buffer
	media, name := "", "quietude"
	switch format {
	case "csv":
		all := f.tables()
		i := slices.IndexFunc(all, func(t export.Table) bool { return t.Name == c.DefaultQuery("figure", all[0].Name) })
		if i < 0 {
			return fault.New(fault.Invalid, "figure_inconnue", "Cette figure n’existe pas ici.").At("figure")
		}
		if err := export.CSV(&body, all[i]); err != nil {
			return err
		}
		media, name = "text/csv; charset=utf-8", all[i].Name+".csv"
	case "xlsx":
		all := f.tables()
		if err := export.XLSX(&body, all); err != nil {
			return err
		}
		media, name = export.Workbook, all[0].Name+".xlsx"
	case "geojson":
		m := f.features()
		if m == nil {
			return fault.New(fault.NotAcceptable, "format_inconnu", "Cette figure n’a pas de carte.").At("format")
		}
		c.Header("Content-Disposition", `attachment; filename="`+m.name+`.geojson"`)
		return answerTagged(c, mediaGeoJSON, m)
	default:
		return answerTagged(c, mediaJSON, f.document())
	}
	c.Header("Content-Disposition", `attachment; filename="`+name+`"`)
	c.Header("Cache-Control", "private, no-cache")
	c.Data(http.StatusOK, media, body.Bytes())
	return nil
}

// readSide reads what is compared: the identifier of an atelier, or a first and
// a last day, both included: 2025-01-01..2025-12-31.
func (a *API) readSide(c *gin.Context, city *hexmap.City, name string) (comparison.Side, error) {
	text := c.Query(name)
	if text == "" {
		return comparison.Side{}, fault.New(fault.Invalid, "parametre_absent", "Il manque un paramètre.").At(name)
	}
	first, last, period := strings.Cut(text, "..")
	if !period {
		id, err := uuid.Parse(text)
		if err != nil {
			return comparison.Side{}, fault.New(fault.Invalid, "parametre_invalide", "Ce paramètre nomme un atelier ou une période.").At(name)
		}
		return comparison.Side{Atelier: id}, nil
	}
	from, to, err := readPeriod(first, last, city.Zone, a.Now())
	if f := fault.As(err); f != nil {
		return comparison.Side{}, f.At(name)
	}
	return comparison.Side{From: from, To: to}, err
}

func (a *API) resolutionOf(c *gin.Context) hexgrid.Resolution {
	return hexgrid.Resolution(intQuery(c, "resolution", 10))
}

// identity names a quartier in a document.
type identity struct {
	Territoire string `json:"territoire"`
	Ville      string `json:"ville"`
	Code       string `json:"code"`
	Nom        string `json:"nom"`
	NomCourt   string `json:"nom_court"`
	Demo       bool   `json:"demo"`
}

func identityOf(city *hexmap.City, q atelier.Quartier) identity {
	return identity{Territoire: city.Code, Ville: city.Nom, Code: q.Code, Nom: q.Nom, NomCourt: q.NomCourt, Demo: city.Demo}
}

// ground is where hexagons are, for those who draw and name them.
type ground struct {
	// Cells are rings by H3 cell, lon/lat degrees, closed.
	Cells map[string]orb.Ring `json:"cells"`
	// Names are the streets nearest to their middles; a cell may have none.
	Names map[string]string `json:"names"`
}

// groundOf tells where hexagons are.
func (a *API) groundOf(ctx context.Context, city *hexmap.City, cells []hexgrid.Cell) (ground, error) {
	cells = slices.Clone(cells)
	slices.Sort(cells)
	cells = slices.Compact(cells)
	g := ground{map[string]orb.Ring{}, map[string]string{}}
	middles := make([]orb.Point, len(cells))
	for i, c := range cells {
		middles[i] = c.Centre()
		g.Cells[c.String()] = snapRing(c.Boundary())
	}
	names, err := a.Store.StreetsNear(ctx, city.Code, middles)
	for i, name := range names {
		if name != "" {
			g.Names[cells[i].String()] = name
		}
	}
	return g, err
}

// compared reads what is known of a quartier.
func (a *API) compared(ctx context.Context, city *hexmap.City, quartier string) (store.Compared, error) {
	return a.Store.ReadCompared(ctx, city.Code, []string{quartier})
}

func (a *API) portrait(c *gin.Context) error {
	city, q, err := a.quartierOf(c)
	if err != nil {
		return err
	}
	from, to, err := readPeriod(c.Query("from"), c.Query("to"), city.Zone, a.Now())
	if err != nil {
		return err
	}
	by, r := c.DefaultQuery("par", comparison.ByAtelier), a.resolutionOf(c)
	question := fmt.Sprint(q.Code, from, to, by, r)
	return a.figure(c, city, question, func(ctx context.Context, _ func(done, total int)) (figure, error) {
		data, err := a.compared(ctx, city, q.Code)
		if err != nil {
			return nil, err
		}
		p, err := comparison.Draw(q.Geom, data, comparison.Side{From: from, To: to}, by, r, city.Zone, a.Now())
		if err != nil {
			return nil, err
		}
		streets, err := a.Store.QuartierStreets(ctx, city.Code, q.Code)
		if err != nil {
			return nil, err
		}
		f := newPortraitFigure(city, q, p, from, to, streets, a.Now())
		f.ground, err = a.groundOf(ctx, city, f.cells())
		return f, err
	})
}

// known refuses an atelier of another quartier or city, which is answered like
// one that does not exist.
func known(data store.Compared, side comparison.Side, field string) error {
	if side.Atelier == uuid.Nil || slices.ContainsFunc(data.Evenings, func(e store.ComparedEvening) bool { return e.ID == side.Atelier }) {
		return nil
	}
	return fault.New(fault.Unprocessable, "atelier_hors_quartier",
		"Cet atelier n’a pas eu lieu dans ce quartier : on ne compare que ce qui concerne le même quartier.").At(field)
}

func (a *API) change(c *gin.Context) error {
	city, q, err := a.quartierOf(c)
	if err != nil {
		return err
	}
	before, err := a.readSide(c, city, "avant")
	if err != nil {
		return err
	}
	after, err := a.readSide(c, city, "apres")
	if err != nil {
		return err
	}
	measure, r := comparison.Measure(c.DefaultQuery("mesure", "unsafe")), a.resolutionOf(c)
	if err := checkSides(before, after, measure, a.Now()); err != nil {
		return err
	}
	return a.figure(c, city, fmt.Sprint(q.Code, before, after, measure, r), func(ctx context.Context, _ func(done, total int)) (figure, error) {
		data, err := a.compared(ctx, city, q.Code)
		if err != nil {
			return nil, err
		}
		for name, side := range map[string]comparison.Side{"avant": before, "apres": after} {
			if err := known(data, side, name); err != nil {
				return nil, err
			}
		}
		change, err := comparison.Compare(ctx, q.Geom, data, before, after, measure, r, figureSeed)
		if err != nil {
			return nil, err
		}
		f := newChangeFigure(city, q, change, a.Now())
		f.ground, err = a.groundOf(ctx, city, f.cells())
		return f, err
	})
}

// checkSides refuses two sides of which one counts in the other too, and
// signalements of an evening, which has none.
func checkSides(before, after comparison.Side, m comparison.Measure, now time.Time) error {
	both := before.Atelier == uuid.Nil && after.Atelier == uuid.Nil
	switch {
	case before.Atelier == after.Atelier && before.From.Equal(after.From) && before.To.Equal(after.To):
		return errSame.At("apres")
	case m == comparison.Reports && !both:
		return fault.New(fault.Unprocessable, "periode_attendue", "Les signalements se comparent entre deux périodes, pas entre deux ateliers.").At("mesure")
	case !both && (before.Atelier == uuid.Nil || after.Atelier == uuid.Nil):
		return fault.New(fault.Unprocessable, "comparaison_inegale", "On compare deux ateliers, ou deux périodes.").At("apres")
	case both && before.From.Before(after.To) && after.From.Before(before.To):
		return fault.New(fault.Unprocessable, "periodes_superposees", "Les deux périodes se recouvrent : ce qui est dans les deux ne peut pas avoir changé.").At("apres")
	case both && (now.Before(before.From) || now.Before(after.From)):
		return fault.New(fault.Unprocessable, "periode_future", "Cette période n’a pas encore commencé.").At("apres")
	}
	return nil
}

// zoneCells bounds a zone that is chosen by hand.
const zoneCells = 200

// zoneOf reads a zone and its day: hexagons and a date, or an action, whose
// place and day of completion they then are. A point stands for its hexagon of
// resolution 10 and the ring around it, some 350 m across: light and noise do
// not end at a border.
func (a *API) zoneOf(c *gin.Context, city *hexmap.City, q atelier.Quartier) (zone []hexgrid.Cell, at time.Time, err error) {
	id, err := queryID(c, "action")
	if err != nil {
		return nil, at, err
	}
	day := c.Query("date")
	if id != uuid.Nil {
		actions, err := a.Store.Actions(c.Request.Context(), city.Code, store.ActionFilter{Quartier: q.Code})
		if err != nil {
			return nil, at, err
		}
		i := slices.IndexFunc(actions, func(x atelier.Action) bool { return x.ID == id })
		if i < 0 {
			return nil, at, fault.New(fault.Unprocessable, "action_hors_quartier", "Cette action ne concerne pas ce quartier.").At("action")
		}
		if zone, err = actionZone(actions[i].Geometry); err != nil {
			return nil, at, err
		}
		if day == "" && actions[i].DoneOn != nil {
			day = actions[i].DoneOn.Format(time.DateOnly)
		}
	} else {
		for _, text := range strings.Split(c.Query("hexagones"), ",") {
			cell, err := hexgrid.ParseCell(text)
			if err != nil || cell.Resolution() > hexgrid.Stored || cell.Resolution() < hexgrid.Coarsest || len(zone) >= zoneCells {
				return nil, at, fault.New(fault.Invalid, "hexagone_invalide", "La zone est une liste d’au plus %d hexagones.", zoneCells).At("hexagones")
			}
			zone = append(zone, cell)
		}
	}
	if day == "" {
		return nil, at, fault.New(fault.Unprocessable, "date_absente", "Il manque le jour à partir duquel on regarde ce qui a suivi.").At("date")
	}
	if at, err = time.ParseInLocation(time.DateOnly, day, city.Zone); err != nil {
		return nil, at, fault.New(fault.Invalid, "date_invalide", "Cette date n’existe pas.").At("date")
	}
	return zone, at, nil
}

func actionZone(place orb.Geometry) ([]hexgrid.Cell, error) {
	switch g := place.(type) {
	case orb.Point:
		cell, err := hexgrid.CellOf(g, hexgrid.Stored)
		if err != nil {
			return nil, err
		}
		return cell.Parent(10).Disk(1)
	case orb.Polygon:
		return hexgrid.Cover(g, hexgrid.Stored)
	}
	return nil, fault.New(fault.Unprocessable, "action_sans_lieu", "Cette action n’a pas de lieu sur la carte : il n’y a pas de zone à comparer.").At("action")
}

func (a *API) beforeAfter(c *gin.Context) error {
	city, q, err := a.quartierOf(c)
	if err != nil {
		return err
	}
	zone, at, err := a.zoneOf(c, city, q)
	if err != nil {
		return err
	}
	if !at.Before(a.Now()) {
		return fault.New(fault.Unprocessable, "date_future", "Il n’y a encore rien après cette date.").At("date")
	}
	months := intQuery(c, "mois", 12)
	from, to := at.AddDate(0, -months, 0), at.AddDate(0, months, 0)
	if now := a.Now(); to.After(now) {
		to = now
	}
	question := fmt.Sprint(q.Code, zone, at, months)
	return a.figure(c, city, question, func(ctx context.Context, _ func(done, total int)) (figure, error) {
		data, err := a.compared(ctx, city, q.Code)
		if err != nil {
			return nil, err
		}
		inside, err := hexgrid.Reachable(q.Geom, hexgrid.Stored)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(zone, func(z hexgrid.Cell) bool {
			return slices.ContainsFunc(inside, func(c hexgrid.Cell) bool { return c.Parent(z.Resolution()) == z })
		}) {
			return nil, fault.New(fault.Unprocessable, "zone_hors_quartier", "Cette zone n’est pas dans ce quartier.").At("hexagones")
		}
		f := newZoneFigure(city, q, comparison.CompareZone(data.Reports, zone, from, at, to), a.Now())
		f.ground, err = a.groundOf(ctx, city, zone)
		return f, err
	})
}

func (a *API) comparisons(c *gin.Context) error {
	city, err := a.territoire(c)
	if err != nil {
		return err
	}
	chosen := strings.Split(c.Query("quartiers"), ",")
	for i, code := range chosen {
		if _, ok := city.Area(code); !ok {
			return fault.New(fault.Unprocessable, "quartier_hors_territoire",
				"Ce quartier n’est pas de cette commune : on ne compare que les quartiers d’une même commune.").At("quartiers")
		}
		if slices.Contains(chosen[:i], code) {
			return errSame.At("quartiers")
		}
	}
	if len(chosen) < 2 {
		return fault.New(fault.Unprocessable, "comparaison_seule", "Choisissez au moins deux quartiers à comparer.").At("quartiers")
	}
	from, to, err := readPeriod(c.Query("from"), c.Query("to"), city.Zone, a.Now())
	if err != nil {
		return err
	}
	rate := comparison.Rate(c.DefaultQuery("taux", "unsafe"))
	return a.figure(c, city, fmt.Sprint(chosen, from, to, rate), func(ctx context.Context, _ func(done, total int)) (figure, error) {
		until, shown := to, to
		if until.IsZero() {
			until = a.Now().AddDate(1, 0, 0) // an evening that is open already may be announced for later
		}
		if shown.IsZero() || shown.After(a.Now()) {
			shown = a.Now()
		}
		people, err := a.Store.ComparisonRates(ctx, city.Code, from, until)
		if err != nil {
			return nil, err
		}
		population, err := a.Store.PopulationFigures(ctx, city.Code)
		if err != nil {
			return nil, err
		}
		return newBetweenFigure(city, comparison.Among(people, population, rate, chosen), chosen, from, shown, a.Now()), nil
	})
}
