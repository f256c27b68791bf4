package api

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"quietude/geo/hexcube"
	"quietude/geo/hexgrid"
	"quietude/geo/hexstat"
	"quietude/server/analysis"
	"quietude/server/atelier"
	"quietude/server/fault"
	"quietude/server/hexmap"
	"quietude/server/store"
)

func (a *API) statistiqueRoutes() []Route {
	const base = "/api/v1/statistiques/"
	return []Route{
		{Method: http.MethodGet, Path: base + "vue", Handle: a.statistiqueVue, Heavy: true},
		{Method: http.MethodGet, Path: base + "hexagones", Handle: a.statistiqueHexagones, Heavy: true},
		{Method: http.MethodGet, Path: base + "densite", Handle: a.statistiqueDensite, Heavy: true},
		{Method: http.MethodGet, Path: base + "accords", Handle: a.statistiqueAccords},
		{Method: http.MethodGet, Path: base + "concentrations", Handle: a.statistiqueConcentrations},
		{Method: http.MethodGet, Path: base + "lieux/{h3}", Handle: a.statistiqueLieu, Heavy: true},
		{Method: http.MethodGet, Path: base + "lieux/{h3}/signalements", Handle: a.statistiqueLieuSignalements},
		{Method: http.MethodGet, Path: base + "communales", Handle: a.statistiqueCommunales},
		{Method: http.MethodGet, Path: base + "fiche", Handle: a.statistiqueFiche},
		{Method: http.MethodGet, Path: base + "fiche.pdf", Handle: a.statistiqueFichePDF},
	}
}

// question is what every statistic is asked with.
type question struct {
	city    *hexmap.City
	view    *analysis.View
	filter  hexmap.Filter
	choices []choice
	now     time.Time
}

// ask reads the parameters that all statistics share. Who works for one
// territoire knows of no other.
func (a *API) ask(c *gin.Context) (q question, err error) {
	if q.city, err = a.territoire(c); err != nil {
		return q, err
	}
	q.choices, q.now = asked(c), a.Now()
	if q.filter, err = readFilter(c, q.city); err != nil {
		return q, err
	}
	if q.filter.Quartier = c.Query("quartier"); q.filter.Quartier != "" {
		if _, ok := q.city.Area(q.filter.Quartier); !ok {
			return q, fault.New(fault.NotFound, "quartier_inconnu", "Ce quartier n’existe pas.").At("quartier")
		}
	}
	q.view, err = a.ledger.View(c.Request.Context(), q.city.Code)
	return q, err
}

// tagged answers 304 when the client has the answer to the same question on the
// same data.
func (q question) tagged(c *gin.Context, more ...any) bool {
	c.Header("Cache-Control", "private, no-cache")
	return NotModified(c, contentTag(fmt.Appendf(nil, "%s %+v %v", q.view.Revision, q.filter, more)))
}

type wireInterval struct {
	Lo float64 `json:"lo"`
	Hi float64 `json:"hi"`
}

func intervalOf(r hexstat.Result[hexstat.Interval]) *wireInterval {
	i, ok := r.Get()
	if !ok {
		return nil
	}
	return &wireInterval{i.Lo, i.Hi}
}

// wireDays is a period: its first and its last day, both included.
type wireDays struct {
	From string `json:"from"`
	To   string `json:"to"`
}

func daysOf(from, to time.Time) *wireDays {
	if from.IsZero() || to.IsZero() {
		return nil
	}
	return &wireDays{from.Format(time.DateOnly), to.Format(time.DateOnly)}
}

// whySentences says why a figure does not exist.
var whySentences = map[hexstat.Reason]string{
	hexstat.InvalidInput:        "les données ne permettent pas ce calcul",
	hexstat.NoData:              "il n’y a pas de données",
	hexstat.NoEvents:            "rien n’a été compté",
	hexstat.NoReferenceEvents:   "le nombre de référence est nul",
	hexstat.NoPopulation:        "la population n’est pas connue",
	hexstat.TooFewParticipants:  "trop peu de participants pour un test",
	hexstat.TooFewHexagons:      "trop peu d’hexagones pour comparer",
	hexstat.ConstantField:       "tous les hexagones ont le même nombre",
	hexstat.NoNeighbours:        "l’hexagone est isolé",
	hexstat.CoversEverything:    "il n’y a rien autour à quoi comparer",
	hexstat.Unbounded:           "la limite est infinie",
	hexstat.NeverVisible:        "aucun changement ne serait visible avec si peu de personnes",
	hexstat.TooManyArrangements: "trop de possibilités pour un calcul exact",
	analysis.ShortPeriod:        "la période compte moins de deux mois",
}

type wireWhy struct {
	Code  string `json:"code"`
	Words string `json:"words"`
}

func whyOf(reason hexstat.Reason) *wireWhy {
	if reason == "" {
		return nil
	}
	return &wireWhy{string(reason), whySentences[reason]}
}

// round2 keeps what an aoristic count means: hundredths of a report.
func round2(v float64) float64 { return math.Round(v*100) / 100 }

type wireMonth struct {
	Month string       `json:"month"` // 2026-03
	N     float64      `json:"n"`
	Range wireInterval `json:"interval"`
}

type wireFamily struct {
	Theme atelier.Theme `json:"theme"`
	N     float64       `json:"n"`
	// Share of all families, with its Wilson interval.
	Share *wireInterval `json:"share"`
}

type wireCounts struct {
	N         float64      `json:"n"`
	People    int          `json:"people"`
	Anonymous int          `json:"anonymous"`
	Unsure    float64      `json:"unsure"`
	Interval  wireInterval `json:"interval"`
	Period    *wireDays    `json:"period"`
	Extent    *wireDays    `json:"extent"`
	Strip     [7][]float64 `json:"strip"`
	Months    []wireMonth  `json:"months"`
	Themes    []wireFamily `json:"themes"`
	Origins   []wireOrigin `json:"origins"`
}

// wireOrigin is how many signalements came from one place.
type wireOrigin struct {
	Origin string  `json:"origin"`
	N      float64 `json:"n"`
}

// countsOf writes counts under a filter. The period is that of the filter, its
// open ends closed by the first and the last signalement.
func countsOf(n analysis.Counts, f hexmap.Filter) wireCounts {
	out := wireCounts{N: round2(n.N), People: n.People, Anonymous: n.Anonymous, Unsure: round2(n.Unsure),
		Extent: daysOf(n.First, n.Last), Months: []wireMonth{}, Themes: []wireFamily{}, Origins: []wireOrigin{}}
	around, _ := hexstat.PoissonRate(int(math.Round(n.N)), 1, hexstat.Level95).Get()
	out.Interval = wireInterval{round2(around.Lo), round2(around.Hi)}
	from, to := n.First, n.Last
	if !f.From.IsZero() {
		from = f.From
	}
	if !f.To.IsZero() {
		to = f.To.AddDate(0, 0, -1)
	}
	out.Period = daysOf(from, to)
	for day := range n.Strip {
		out.Strip[day] = make([]float64, 24)
		for hour, w := range n.Strip[day] {
			out.Strip[day][hour] = round2(w)
		}
	}
	for _, m := range n.Months {
		out.Months = append(out.Months, wireMonth{m.Month.Format("2006-01"), round2(m.Count), wireInterval{round2(m.Interval.Lo), round2(m.Interval.Hi)}})
	}
	all := 0.0
	for _, t := range n.Themes {
		all += t.Count
	}
	for _, t := range n.Themes {
		out.Themes = append(out.Themes, wireFamily{t.Theme, round2(t.Count),
			intervalOf(hexstat.Wilson(int(math.Round(t.Count)), int(math.Round(all)), hexstat.Level95))})
	}
	for _, from := range n.Origins {
		out.Origins = append(out.Origins, wireOrigin{from.Origin, round2(from.Count)})
	}
	return out
}

func (a *API) statistiqueVue(c *gin.Context) error {
	q, err := a.ask(c)
	if err != nil {
		return err
	}
	format := c.Query("format")
	if q.tagged(c, "vue", format, c.Query("figure")) {
		return nil
	}
	counts := countsOf(q.view.Count(q.filter), q.filter)
	if format != "" && format != "json" {
		return answerFigure(c, countsFigure{q, counts})
	}
	return answer(c, http.StatusOK, mediaJSON, counts)
}

// statistiqueHexagones streams by hand, like the hexagons of the map.
func (a *API) statistiqueHexagones(c *gin.Context) error {
	q, err := a.ask(c)
	if err != nil {
		return err
	}
	resolution, format := a.resolutionOf(c), c.Query("format")
	if q.tagged(c, "hexagones", resolution, format) {
		return nil
	}
	f := crossingFigure{question: q, Crossing: q.view.Cross(q.filter, resolution)}
	switch format {
	case "csv", "xlsx", "geojson":
		if f.names, err = a.Store.StreetsNear(c.Request.Context(), q.city.Code, f.middles()); err != nil {
			return err
		}
		return answerFigure(c, f)
	}
	about, err := json.Marshal(newMapped(crossingTitle, f.context()).Contexte)
	if err != nil {
		return err
	}
	crossing := f.Crossing
	text := append([]byte(`{"type":"FeatureCollection","contexte":`), about...)
	text = append(text, `,"signalements":`...)
	text = strconv.AppendFloat(text, round2(crossing.Signalements), 'f', -1, 64)
	text = strconv.AppendInt(append(text, `,"voices":`...), int64(crossing.Voices), 10)
	text = strconv.AppendInt(append(text, `,"compared":`...), int64(crossing.Compared), 10)
	text = strconv.AppendInt(append(text, `,"differing":`...), int64(crossing.Differing), 10)
	text = append(text, `,"similarity":`...)
	if s, ok := crossing.S.Get(); ok {
		text = strconv.AppendFloat(text, s, 'f', 4, 64)
	} else {
		text = append(text, "null"...)
	}
	text = append(text, `,"features":[`...)
	for i, h := range crossing.Hexagons {
		if i > 0 {
			text = append(text, ',')
		}
		text = append(text, a.ring(h.Cell).text...)
		text = strconv.AppendInt(text, int64(resolution), 10)
		text = strconv.AppendFloat(append(text, `,"signalements":`...), round2(h.Signalements), 'f', -1, 64)
		text = strconv.AppendInt(append(text, `,"unsafe":`...), int64(h.Unsafe), 10)
		text = strconv.AppendInt(append(text, `,"safe":`...), int64(h.Safe), 10)
		text = append(text, `,"quadrant":`...)
		if h.Quadrant == "" {
			text = append(text, "null"...)
		} else {
			text = append(text, quoted(string(h.Quadrant))...)
		}
		text = strconv.AppendBool(append(text, `,"beyond":`...), h.Beyond)
		text = append(text, "}}"...)
	}
	c.Data(http.StatusOK, mediaJSON, append(text, "]}"...))
	return nil
}

type wireDensity struct {
	Bounds  [4]float64 `json:"bounds"`
	Columns int        `json:"columns"`
	Rows    int        `json:"rows"`
	Cell    float64    `json:"cell_m"`
	Radius  float64    `json:"radius_m"`
	N       float64    `json:"n"`
	Breaks  []float64  `json:"breaks"`
	Classes string     `json:"classes"`
}

type wireDensityAnswer struct {
	Value *wireDensity `json:"value"`
	Why   *wireWhy     `json:"why"`
}

func (a *API) statistiqueDensite(c *gin.Context) error {
	q, err := a.ask(c)
	if err != nil {
		return err
	}
	radius, format := intQuery(c, "rayon", 125), c.Query("format")
	if q.tagged(c, "densite", radius, format) {
		return nil
	}
	felt := q.filter.Felt
	q.filter.Felt = ""
	f := densityFigure{q, felt, radius, q.view.Density(q.filter, felt, float64(radius))}
	if format != "" && format != "json" {
		return answerFigure(c, f)
	}
	return answer(c, http.StatusOK, mediaJSON, f.document())
}

func (f densityFigure) document() any {
	out := wireDensityAnswer{Why: whyOf(f.Result.Reason)}
	if d, ok := f.Result.Get(); ok {
		out.Value = newWireDensity(d)
	}
	return out
}

func newWireDensity(d analysis.Density) *wireDensity {
	return &wireDensity{Bounds: [4]float64{d.Bounds.Min[0], d.Bounds.Min[1], d.Bounds.Max[0], d.Bounds.Max[1]},
		Columns: d.Columns, Rows: d.Rows, Cell: d.CellMeters, Radius: d.RadiusMeters, N: round2(d.N), Breaks: d.Breaks[:],
		Classes: base64.StdEncoding.EncodeToString(d.Classes)}
}

type wireReason struct {
	Reason string `json:"reason"`
	People int    `json:"people"`
}

type wireFelt struct {
	Atelier     string        `json:"atelier"`
	Titre       string        `json:"titre"`
	On          string        `json:"on"` // day
	Of          int           `json:"of"`
	Unsafe      int           `json:"unsafe"`
	Safe        int           `json:"safe"`
	UnsafeRange *wireInterval `json:"unsafe_share"`
	SafeRange   *wireInterval `json:"safe_share"`
}

type wireLieu struct {
	H3          hexgrid.Cell      `json:"h3"`
	Name        string            `json:"name"`
	At          [2]float64        `json:"at"`
	Counts      wireCounts        `json:"counts"`
	Band        *wireBand         `json:"band"`
	Felt        []wireFelt        `json:"felt"`
	WhyUnsafe   []wireReason      `json:"unsafe_reasons"`
	WhySafe     []wireReason      `json:"safe_reasons"`
	Actions     []wirePlaceAction `json:"actions"`
	SeesReports bool              `json:"sees_reports"`
}

// wirePlaceAction is an action whose zone reaches the place.
type wirePlaceAction struct {
	ID       uuid.UUID           `json:"id"`
	Code     atelier.ActionCode  `json:"code"`
	Titre    string              `json:"titre"`
	State    atelier.ActionState `json:"state"`
	Reason   string              `json:"reason,omitempty"`
	Late     bool                `json:"late"`
	Echeance string              `json:"echeance,omitempty"`
}

// actionsAt lists the actions drawn within a hexagon or its ring: an action is
// placed by hand, a few metres say nothing.
func (a *API) actionsAt(c *gin.Context, city *hexmap.City, cell hexgrid.Cell) ([]wirePlaceAction, error) {
	out := []wirePlaceAction{}
	all, err := a.Store.Actions(c.Request.Context(), city.Code, store.ActionFilter{})
	if err != nil {
		return out, err
	}
	around := cell.Boundary().Bound()
	for _, n := range cell.Neighbours() {
		around = around.Union(n.Boundary().Bound())
	}
	today := a.today(city)
	for _, x := range all {
		if x.Geometry != nil && around.Intersects(x.Geometry.Bound()) {
			out = append(out, wirePlaceAction{x.ID, x.Code, x.Titre, x.State, x.Reason, x.Late(today), dayOrEmpty(x.Echeance)})
		}
	}
	return out, nil
}

type wireBand struct {
	FirstDay int     `json:"first_day"`
	LastDay  int     `json:"last_day"`
	From     int     `json:"from"`
	To       int     `json:"to"`
	N        float64 `json:"n"`
	Of       float64 `json:"of"`
}

func bandOf(strip hexstat.Strip) *wireBand {
	b, ok := analysis.BusiestBand(strip)
	if !ok {
		return nil
	}
	return &wireBand{b.FirstDay, b.LastDay, b.From, b.To, round2(b.N), round2(b.Of)}
}

// hexagonOf reads the hexagon of the path: of the territoire, and one of the
// sizes that are served.
func hexagonOf(c *gin.Context, city *hexmap.City) (hexgrid.Cell, error) {
	cell, err := hexgrid.ParseCell(c.Param("h3"))
	if err != nil || cell.Resolution() < hexgrid.Coarsest || cell.Resolution() > hexgrid.Stored || !city.Emprise.Contains(cell.Centre()) {
		return 0, fault.New(fault.NotFound, "lieu_inconnu", "Ce lieu n’existe pas.").At("h3")
	}
	return cell, nil
}

func (a *API) statistiqueLieu(c *gin.Context) error {
	q, err := a.ask(c)
	if err != nil {
		return err
	}
	cell, err := hexagonOf(c, q.city)
	if err != nil {
		return err
	}
	ctx, place := c.Request.Context(), []hexgrid.Cell{cell}
	counts := q.view.CountIn(q.filter, place)
	// The band is that of the place at any hour: the strip ignores the hours.
	out := wireLieu{H3: cell, At: cell.Centre(), Counts: countsOf(counts, q.filter), Band: bandOf(counts.Strip),
		Felt: []wireFelt{}, WhyUnsafe: []wireReason{}, WhySafe: []wireReason{}, SeesReports: a.seesReports(c)}
	if out.Name, err = a.Store.NearestStreet(ctx, q.city.Code, cell.Centre()); err != nil {
		return err
	}
	if out.Actions, err = a.actionsAt(c, q.city, cell); err != nil {
		return err
	}
	felt := q.view.FeltIn(q.filter, place)
	if len(felt) > 0 {
		known, err := a.ateliersByID(c, q.city)
		if err != nil {
			return err
		}
		ids := feltIDs(felt)
		for _, f := range felt {
			one := known[f.Atelier]
			// n is who took part, as everywhere; rows of participants may lag behind those of markers.
			n := max(one.Participants, f.Of)
			said := hexstat.ConsensusOf(f.Consensus.Unsafe, f.Consensus.Safe, n)
			out.Felt = append(out.Felt, wireFelt{Atelier: f.Atelier.String(), Titre: one.Titre, On: one.StartsAt.In(q.city.Zone).Format(time.DateOnly),
				Of: n, Unsafe: said.Unsafe, Safe: said.Safe, UnsafeRange: intervalOf(said.UnsafeShare), SafeRange: intervalOf(said.SafeShare)})
		}
		slices.SortFunc(out.Felt, func(a, b wireFelt) int { return -compareText(a.On, b.On) })
		for _, kind := range []struct {
			felt atelier.Felt
			into *[]wireReason
		}{{atelier.Unsafe, &out.WhyUnsafe}, {atelier.Safe, &out.WhySafe}} {
			reasons, err := a.Store.ReasonsAt(ctx, q.city.Code, kind.felt, ids, place)
			if err != nil {
				return err
			}
			for _, r := range reasons {
				*kind.into = append(*kind.into, wireReason{r.Reason, r.People})
			}
		}
	}
	return answer(c, http.StatusOK, mediaJSON, out)
}

// seesReports: an analyste works with hexagons, police with positions too.
func (a *API) seesReports(c *gin.Context) bool {
	return a.principal(c).Role.May("GET /api/v1/statistiques/lieux/{h3}/signalements")
}

const listedAtPlace = 200

// weekHours are the hours of a set, from Monday 0 h; nil for the empty set, which
// keeps everything.
func weekHours(set hexcube.HourSet) (hours []int32) {
	for day := range set {
		for hour := range 24 {
			if set.Has(hexcube.HourOf(day, hour)) {
				hours = append(hours, int32(24*day+hour))
			}
		}
	}
	return hours
}

func (a *API) statistiqueLieuSignalements(c *gin.Context) error {
	city, err := a.territoire(c)
	if err != nil {
		return err
	}
	cell, err := hexagonOf(c, city)
	if err != nil {
		return err
	}
	filter, err := readFilter(c, city)
	if err != nil {
		return err
	}
	if filter.Source == "markers" {
		return fault.New(fault.Invalid, "source_sans_signalement",
			"Avec les ateliers seuls, aucun signalement ne compte. Choisissez les signalements, ou toutes les sources. Les repères des participants ne se lisent que par hexagone.").At("source")
	}
	found, err := a.Store.SignalementsAt(c.Request.Context(), city.Code, []hexgrid.Cell{cell}, store.PlaceFilter{Quartier: c.Query("quartier"),
		Themes: filter.Themes, Origins: filter.Origins, Hours: weekHours(filter.Hours), Zone: city.Zone, From: filter.From, To: filter.To}, listedAtPlace)
	if err != nil {
		return err
	}
	out := collection[signalementProperties]{Type: "FeatureCollection", Features: []feature[signalementProperties]{}}
	for _, s := range found {
		out.Features = append(out.Features, signalementFeature(s, readsTexts(a.principal(c), city.Code)))
	}
	if err := a.consulted(c, len(out.Features)); err != nil {
		return err
	}
	c.Header("Cache-Control", "private, no-store")
	return answer(c, http.StatusOK, mediaGeoJSON, out)
}
