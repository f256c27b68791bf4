package api

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/paulmach/orb"
	orbgeo "github.com/paulmach/orb/geo"
	"github.com/paulmach/orb/geojson"

	"quietude/geo"
	"quietude/geo/edition"
	"quietude/geo/hexgrid"
	"quietude/server/analysis"
	"quietude/server/atelier"
	"quietude/server/fault"
	"quietude/server/hexmap"
	"quietude/server/store"
)

func (a *API) restitutionRoutes() []Route {
	const path = "/api/v1/ateliers/{id}/restitution"
	return []Route{
		{Method: http.MethodGet, Path: path, Handle: a.ofOwnCity(a.restitution)},
		{Method: http.MethodPut, Path: path, Handle: a.ofOwnCity(a.putRestitution)},
		{Method: http.MethodPost, Path: path + "/montree", Handle: a.ofOwnCity(a.showSlide)},
		{Method: http.MethodGet, Path: path + "/{rang}", Handle: a.ofOwnCity(a.slide), Heavy: true},
	}
}

// ofOwnCity hands an atelier to a handler when it is of the territoire of who
// asks: the police prepares what it shows without leading the evening.
func (a *API) ofOwnCity(handle func(*gin.Context, atelier.Atelier) error) func(*gin.Context) error {
	return func(c *gin.Context) error {
		id, err := pathID(c, "id")
		if err != nil {
			return errNoAtelier
		}
		t, err := a.Store.Atelier(c.Request.Context(), id)
		if err != nil {
			return err
		}
		if t.Territoire != a.principal(c).Territoire {
			return errNoAtelier
		}
		c.Header("Cache-Control", "no-store")
		return handle(c, t)
	}
}

type wireSlide struct {
	Kind       atelier.SlideKind `json:"kind"`
	Theme      atelier.Theme     `json:"theme,omitempty"`
	Moment     string            `json:"moment,omitempty"`
	From       string            `json:"from,omitempty"`
	To         string            `json:"to,omitempty"`
	Numero     int               `json:"numero,omitempty"`
	Indicateur string            `json:"indicateur,omitempty"`
}

func newWireSlide(s atelier.Slide) wireSlide {
	return wireSlide(s)
}

func (w wireSlide) domain() atelier.Slide {
	return atelier.Slide(w)
}

func answerRestitution(c *gin.Context, r atelier.Restitution) error {
	out := make([]wireSlide, len(r.Slides))
	for i, s := range r.Slides {
		out[i] = newWireSlide(s)
	}
	return answer(c, http.StatusOK, mediaJSON, gin.H{"version": r.Version, "shown": r.Shown, "recounted": r.Recounted, "slides": out})
}

func (a *API) restitution(c *gin.Context, t atelier.Atelier) error {
	r, err := a.Store.Restitution(c.Request.Context(), t.Territoire, t.ID)
	if err != nil {
		return err
	}
	return answerRestitution(c, r)
}

func (a *API) putRestitution(c *gin.Context, t atelier.Atelier) error {
	var sent struct {
		Base   int         `json:"base"`
		Slides []wireSlide `json:"slides"`
	}
	if err := bodyOf(c).Decode(&sent); err != nil {
		return err
	}
	slides := make([]atelier.Slide, len(sent.Slides))
	for i, w := range sent.Slides {
		slides[i] = w.domain()
		if err := a.checkSlide(c, t, slides[i]); err != nil {
			return err
		}
	}
	r, err := a.Store.PutSlides(c.Request.Context(), t.Territoire, t.ID, sent.Base, slides)
	if err != nil {
		return err
	}
	return answerRestitution(c, r)
}

// checkSlide refuses a slide that could show nothing: what it names is of this
// quartier, published or over.
func (a *API) checkSlide(c *gin.Context, t atelier.Atelier, s atelier.Slide) error {
	if err := s.Check(); err != nil {
		return err
	}
	switch s.Kind {
	case atelier.SlideEdition:
		if _, ok, err := a.publishedOf(c, t, s.Numero); err != nil || !ok {
			return orFault(err, fault.New(fault.Unprocessable, "edition_inconnue", "Cette édition du quartier n’existe pas ou a été retirée.").At("numero"))
		}
	case atelier.SlideRecorded:
		figures, err := a.Store.Communales(c.Request.Context(), t.Territoire)
		if err != nil || !slices.ContainsFunc(figures, func(f store.ListedCommunale) bool { return f.Indicateur == s.Indicateur }) {
			return orFault(err, fault.New(fault.Unprocessable, "indicateur_inconnu", "Ce chiffre enregistré n’a pas été importé.").At("indicateur"))
		}
	}
	return nil
}

func orFault(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// publishedOf finds an edition of the atelier's quartier that still stands.
func (a *API) publishedOf(c *gin.Context, t atelier.Atelier, numero int) (published, bool, error) {
	shelf, err := a.shelf(c.Request.Context(), t.Territoire)
	if err != nil {
		return published{}, false, err
	}
	i := slices.IndexFunc(shelf.all, func(p published) bool {
		return p.Edition.Valid() && p.Edition.Quartier() == t.Quartier && p.Edition.Numero() == numero
	})
	if i < 0 {
		return published{}, false, nil
	}
	return shelf.all[i], true, nil
}

// showSlide puts a slide on the wall and keeps what it told.
func (a *API) showSlide(c *gin.Context, t atelier.Atelier) error {
	var sent struct {
		Version int `json:"version"`
		Rang    int `json:"rang"`
	}
	if err := bodyOf(c).Decode(&sent); err != nil {
		return err
	}
	var told atelier.Told
	if sent.Rang > 0 {
		r, err := a.Store.Restitution(c.Request.Context(), t.Territoire, t.ID)
		if err != nil {
			return err
		}
		if sent.Rang > len(r.Slides) {
			return errNoSlide
		}
		if told, _, err = a.tell(c, t, r.Slides[sent.Rang-1]); err != nil {
			return err
		}
	}
	if err := a.Store.ShowSlide(c.Request.Context(), t.Territoire, t.ID, sent.Version, sent.Rang, told); err != nil {
		return err
	}
	return a.restitution(c, t)
}

var errNoSlide = fault.New(fault.NotFound, "diapositive_absente", "Cette diapositive n’existe pas ou n’existe plus.").At("rang")

// wireTold is a slide with what the hall may see.
type wireTold struct {
	wireSlide
	Rang     int                       `json:"rang"`
	AtLeast  int                       `json:"at_least"`
	Day      string                    `json:"day,omitempty"`
	Until    string                    `json:"until,omitempty"`
	Hexagons []feature[toldProperties] `json:"hexagons"`
	Density  *wireDensity              `json:"density,omitempty"`
	Week     [][]int                   `json:"week,omitempty"`
	Months   []toldMonth               `json:"months,omitempty"`
	Themes   []toldTheme               `json:"themes,omitempty"`
	Years    []toldYear                `json:"years,omitempty"`
	Unit     string                    `json:"unit,omitempty"`
	Sources  []string                  `json:"sources,omitempty"`
}

type toldProperties struct {
	// Name is of the street next to the middle of the hexagon: next to what was
	// found in it would be finer than the hexagon.
	Name         string `json:"name"`
	Signalements int    `json:"signalements"`
	Unsafe       int    `json:"unsafe"`
	Safe         int    `json:"safe"`
}

type toldMonth struct {
	Month   string `json:"month"`
	AtLeast int    `json:"at_least"`
}

type toldTheme struct {
	Theme   atelier.Theme `json:"theme"`
	AtLeast int           `json:"at_least"`
}

type toldYear struct {
	Year int  `json:"year"`
	N    *int `json:"n"`
}

func (a *API) slide(c *gin.Context, t atelier.Atelier) error {
	r, err := a.Store.Restitution(c.Request.Context(), t.Territoire, t.ID)
	if err != nil {
		return err
	}
	rang, _ := strconv.Atoi(c.Param("rang"))
	if rang < 1 || rang > len(r.Slides) {
		return errNoSlide
	}
	told, shapes, err := a.tell(c, t, r.Slides[rang-1])
	if err != nil {
		return err
	}
	out := wireTold{wireSlide: newWireSlide(told.Slide), Rang: rang, AtLeast: told.AtLeast, Day: told.Day, Until: told.Until,
		Hexagons: []feature[toldProperties]{}, Week: told.Week, Unit: told.Unit, Sources: told.Sources}
	middles := make([]orb.Point, len(told.Hexagons))
	for i, h := range told.Hexagons {
		middles[i] = h.Cell.Centre()
	}
	names, err := a.Store.StreetsNear(c.Request.Context(), t.Territoire, middles)
	if err != nil {
		return err
	}
	for i, h := range told.Hexagons {
		out.Hexagons = append(out.Hexagons, feature[toldProperties]{Type: "Feature", ID: h.Cell.String(), Geometry: geojson.NewGeometry(shapes[i]),
			Properties: toldProperties{names[i], h.Signalements, h.Unsafe, h.Safe}})
	}
	if told.Kind == atelier.SlideDensity {
		out.Density = wallDensity(told.Hexagons)
	}
	for _, m := range told.Months {
		out.Months = append(out.Months, toldMonth(m))
	}
	for _, f := range told.Themes {
		out.Themes = append(out.Themes, toldTheme(f))
	}
	for _, y := range told.Years {
		out.Years = append(out.Years, toldYear(y))
	}
	return answer(c, http.StatusOK, mediaJSON, out)
}

// tell counts what the hall may see of a slide; shapes are those of its
// hexagons, in their order.
func (a *API) tell(c *gin.Context, t atelier.Atelier, s atelier.Slide) (told atelier.Told, shapes []orb.Geometry, err error) {
	told.Slide = s
	switch s.Kind {
	case atelier.SlideEdition:
		shapes, err = a.tellEdition(c, t, &told)
	case atelier.SlideRecorded:
		err = a.tellRecorded(c, t, &told)
	default:
		shapes, err = a.tellCounts(c, t, &told)
	}
	return told, shapes, err
}

// tellEdition shows what everybody may read; nothing once it is withdrawn.
func (a *API) tellEdition(c *gin.Context, t atelier.Atelier, told *atelier.Told) (shapes []orb.Geometry, err error) {
	p, ok, err := a.publishedOf(c, t, told.Numero)
	if err != nil || !ok {
		return nil, err
	}
	for _, day := range p.Days() {
		told.Day = string(day)
	}
	for i, h := range p.Hexagons() {
		told.Hexagons = append(told.Hexagons, atelier.ToldHexagon{Cell: h.Cell(), Unsafe: h.Unsafe().AtLeast(), Safe: h.Safe().AtLeast()})
		shapes = append(shapes, p.shapes[i])
	}
	return shapes, nil
}

// tellRecorded gives the figures of the commune as they are published: they are
// of nobody in particular, and of no place within it.
func (a *API) tellRecorded(c *gin.Context, t atelier.Atelier, told *atelier.Told) error {
	figures, err := a.Store.Communales(c.Request.Context(), t.Territoire)
	for _, f := range figures {
		if f.Indicateur != told.Indicateur || told.Unit != "" && f.Unite != told.Unit {
			continue
		}
		told.Unit = f.Unite
		year := atelier.ToldYear{Year: f.Annee}
		if f.Diffuse {
			year.N = f.Nombre
		}
		told.Years = append(told.Years, year)
		if !slices.Contains(told.Sources, f.Source) {
			told.Sources = append(told.Sources, f.Source)
		}
	}
	return err
}

// wallResolution is the finest hexagon of the wall, 350 m across: a resident
// finds the street again, and not a door.
const wallResolution = hexgrid.Resolution(9)

func (a *API) tellHexagons(c *gin.Context, f hexmap.Filter, territoire string, told *atelier.Told) (shapes []orb.Geometry, err error) {
	view, err := a.Maps.View(c.Request.Context(), territoire)
	if err != nil {
		return nil, err
	}
	query, ok := view.Query(f, wallResolution)
	if !ok {
		return nil, nil // the quartier was replaced meanwhile
	}
	counts, err := view.Counts(query)
	for _, n := range counts {
		h := atelier.ToldHexagon{Cell: n.Cell, Signalements: atelier.OnWall(float64(n.Signalements)), Unsafe: atelier.OnWall(float64(n.Unsafe)), Safe: atelier.OnWall(float64(n.Safe))}
		if h.Signalements+h.Unsafe+h.Safe == 0 {
			continue
		}
		told.Hexagons = append(told.Hexagons, h)
		shapes = append(shapes, wallShape(n.Cell))
	}
	return shapes, err
}

// tellPlaces keeps of the map's hexagons, for each place beyond chance, the one
// that tells most: a place is made of hexagons finer than the wall's, and its
// peak may lie beside what is told. Choice and order are by what is told alone.
func (a *API) tellPlaces(c *gin.Context, view *analysis.View, f hexmap.Filter, told *atelier.Told) (shapes []orb.Geometry, err error) {
	places, err := view.Gather(f)
	if err != nil {
		return nil, err
	}
	if _, err = a.tellHexagons(c, f, view.City.Code, told); err != nil {
		return nil, err
	}
	slices.SortFunc(told.Hexagons, func(a, b atelier.ToldHexagon) int {
		return cmp.Or(b.Signalements-a.Signalements, cmp.Compare(a.Cell, b.Cell))
	})
	beyond := map[hexgrid.Cell]bool{}
	for _, p := range places {
		i := slices.IndexFunc(told.Hexagons, func(h atelier.ToldHexagon) bool {
			return slices.ContainsFunc(p.Hexagons, func(fine hexgrid.Cell) bool { return fine.Parent(wallResolution) == h.Cell })
		})
		if i >= 0 {
			beyond[told.Hexagons[i].Cell] = true
		}
	}
	told.Hexagons = slices.DeleteFunc(told.Hexagons, func(h atelier.ToldHexagon) bool { return !beyond[h.Cell] })
	told.Hexagons = told.Hexagons[:min(len(told.Hexagons), atelier.MaxSlidePlaces)]
	for _, h := range told.Hexagons {
		shapes = append(shapes, wallShape(h.Cell))
	}
	return shapes, nil
}

func wallShape(cell hexgrid.Cell) orb.Geometry {
	return geo.SnapPolygon(orb.Polygon{cell.Boundary()})
}

// wallSpread is how far the number of a hexagon reaches on a surface, metres:
// beyond the middles of those around it, so that they run into one another.
const wallSpread = 500

// wallDensity spreads the numbers that a hall is told; nil without any.
func wallDensity(told []atelier.ToldHexagon) *wireDensity {
	var amounts []analysis.Weighted
	bounds := orb.Bound{Min: orb.Point{180, 90}, Max: orb.Point{-180, -90}}
	for _, h := range told {
		amounts = append(amounts, analysis.Weighted{At: h.Cell.Centre(), Weight: float64(h.Signalements)})
		bounds = bounds.Union(h.Cell.Boundary().Bound())
	}
	d, ok := analysis.Spread(orbgeo.BoundPad(bounds, wallSpread), amounts, wallSpread).Get()
	if !ok {
		return nil
	}
	return newWireDensity(d)
}

// bandHours: a cell of one hour holds too few signalements of a quartier to be
// shown at all.
const bandHours = 3

// momentHours are the hours of a moment of the day, as readHours takes them.
var momentHours = map[string]string{"day": "6-17", "evening": "18-21", "night": "22-23,0-5"}

func (a *API) tellCounts(c *gin.Context, t atelier.Atelier, told *atelier.Told) (shapes []orb.Geometry, err error) {
	city, err := a.Places.City(c.Request.Context(), t.Territoire)
	if err != nil {
		return nil, err
	}
	f := hexmap.Filter{Quartier: t.Quartier, Source: "signalements"}
	if told.Theme != "" {
		f.Themes = []string{string(told.Theme)}
	}
	if f.From, f.To, err = readPeriod(told.From, told.To, city.Zone, a.Now()); err != nil {
		return nil, err
	}
	if f.Hours, err = readHours(momentHours[told.Moment], ""); err != nil {
		return nil, err
	}
	// A wall that was told to count again must not be given what this node has in
	// memory: another one may have decided a moment ago.
	a.Maps.Recheck(t.Territoire)
	view, err := a.ledger.View(c.Request.Context(), t.Territoire)
	if err != nil {
		return nil, err
	}
	counts := view.Count(f)
	told.AtLeast = atelier.OnWall(counts.N)
	if told.Until = told.To; told.Until == "" {
		told.Until = a.Now().In(city.Zone).Format(time.DateOnly)
	}
	switch told.Kind {
	case atelier.SlideMap, atelier.SlideDensity:
		return a.tellHexagons(c, f, t.Territoire, told)
	case atelier.SlidePlaces:
		return a.tellPlaces(c, view, f, told)
	case atelier.SlideWeek:
		for _, hours := range counts.Strip {
			bands := make([]int, 0, 24/bandHours)
			for first := 0; first < 24; first += bandHours {
				n := 0.0
				for _, hour := range hours[first : first+bandHours] {
					n += hour
				}
				bands = append(bands, atelier.OnWall(n))
			}
			told.Week = append(told.Week, bands)
		}
	case atelier.SlideThemes:
		for _, one := range counts.Themes {
			if n := atelier.OnWall(one.Count); n > 0 {
				told.Themes = append(told.Themes, atelier.ToldTheme{Theme: one.Theme, AtLeast: n})
			}
		}
		// By what is told: the order must not tell what is not.
		slices.SortStableFunc(told.Themes, func(a, b atelier.ToldTheme) int { return b.AtLeast - a.AtLeast })
	case atelier.SlideMonths:
		told.Months = wholeMonths(counts.Months, f, a.Now())
	}
	return nil, nil
}

// wholeMonths are the months that lie in the period of f as a whole and are
// over; what is left of one that the period only touches would tell the rest.
func wholeMonths(months []analysis.Month, f hexmap.Filter, now time.Time) (out []atelier.ToldMonth) {
	for _, m := range months {
		end := m.Month.AddDate(0, 1, 0)
		if !f.From.IsZero() && m.Month.Before(f.From) || !f.To.IsZero() && end.After(f.To) || end.After(now) {
			continue
		}
		out = append(out, atelier.ToldMonth{Month: m.Month.Format("2006-01"), AtLeast: atelier.OnWall(m.Count)})
	}
	// Months at the ends with too few are as unknown as those without any.
	few := func(m atelier.ToldMonth) bool { return m.AtLeast == 0 }
	for len(out) > 0 && few(out[0]) {
		out = out[1:]
	}
	for len(out) > 0 && few(out[len(out)-1]) {
		out = out[:len(out)-1]
	}
	return out
}

// The smallest threshold of an edition is what the wall keeps to.
var _ = [1]struct{}{}[atelier.WallStep-edition.MinThreshold]
