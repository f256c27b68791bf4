package api

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"quietude/geo/hexcube"
	"quietude/geo/hexgrid"
	"quietude/server/atelier"
	"quietude/server/fault"
	"quietude/server/hexmap"
)

func (a *API) hexagoneRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Path: "/api/v1/quartiers/{code}/hexagones", Handle: a.quartierHexagones(geoJSONHexagons), Heavy: true},
		{Method: http.MethodGet, Path: "/api/v1/quartiers/{code}/hexagones.csv", Handle: a.quartierHexagones(csvHexagons), Heavy: true},
		{Method: http.MethodGet, Path: "/api/v1/hexagones", Handle: a.boxHexagones(geoJSONHexagons), Heavy: true},
		{Method: http.MethodGet, Path: "/api/v1/hexagones.csv", Handle: a.boxHexagones(csvHexagons), Heavy: true},
	}
}

// hexagonCaching: counts are for one person's session, and may change with the
// next marker.
const hexagonCaching = "private, no-cache"

func (a *API) quartierHexagones(w *hexagonWriter) func(*gin.Context) error {
	return func(c *gin.Context) error {
		city, err := a.territoire(c)
		if err != nil {
			return err
		}
		code := c.Param("code")
		if _, ok := city.Area(code); !ok {
			return fault.New(fault.NotFound, "quartier_inconnu", "Ce quartier n’existe pas.").At("code")
		}
		return a.hexagones(c, city, w, code, nil)
	}
}

func (a *API) boxHexagones(w *hexagonWriter) func(*gin.Context) error {
	return func(c *gin.Context) error {
		city, err := a.territoire(c)
		if err != nil {
			return err
		}
		box, err := readBox(c.Query("bbox"))
		if err != nil {
			return err
		}
		if box == nil {
			return fault.New(fault.Invalid, "parametre_absent", "Il manque un paramètre.").At("bbox")
		}
		return a.hexagones(c, city, w, "", box)
	}
}

// hexagones answers with the hexagons of a quartier, or of the whole territoire
// that touch a box.
func (a *API) hexagones(c *gin.Context, city *hexmap.City, w *hexagonWriter, quartier string, box *orb.Bound) error {
	filter, err := readFilter(c, city)
	if err != nil {
		return err
	}
	filter.Quartier = quartier
	resolution := hexgrid.Resolution(intQuery(c, "resolution", 10))
	view, err := a.Maps.View(c.Request.Context(), city.Code)
	if err != nil {
		return err
	}
	query, ok := view.Query(filter, resolution)
	if !ok { // the quartiers were replaced between the two readings
		return fault.New(fault.Unavailable, "quartiers_en_cours", "Les quartiers sont en cours de chargement. Réessayez dans un instant.").After(time.Second)
	}
	question := viewTag(view, query)
	if box != nil {
		query.Ranges = boxRanges(*box, city.Emprise, resolution)
		question += fmt.Sprint(viewTag(view, query), *box)
	}
	tag := contentTag([]byte(w.media + question))
	c.Header("Cache-Control", hexagonCaching)
	if NotModified(c, tag) {
		a.keep(c, city.Code, view, query, tag, w.media, nil, false)
		return nil
	}
	if err := c.Request.Context().Err(); err != nil {
		return err // the client has left while it waited for its turn
	}
	counts, err := view.Counts(query)
	if err != nil {
		return err
	}
	return a.streamHexagones(c, w, quartier, resolution, box, counts)
}

// viewTag is a strong ETag: the data of the answer, and the question.
func viewTag(view *hexmap.View, q hexcube.Query) string {
	boot, revision := view.Tag(q)
	return contentTag(fmt.Appendf(nil, "%s %d %d %d %+v", boot, revision, q.Resolution, q.Quartier, q.Filter))
}

// streamHexagones writes hexagon by hexagon those that touch a box (nil for all),
// so that a large answer is never held as text, and stops when the client has left.
func (a *API) streamHexagones(c *gin.Context, w *hexagonWriter, quartier string, resolution hexgrid.Resolution, box *orb.Bound, counts []hexcube.Count) error {
	c.Header("Content-Type", w.media)
	if w.file != "" {
		c.Header("Content-Disposition", `attachment; filename="`+w.file+`"`)
	}
	c.Status(http.StatusOK)
	const room = 32 << 10
	text := append(make([]byte, 0, room+2048), w.head...)
	between := ""
	for i := range counts {
		if box != nil && !a.ring(counts[i].Cell).bound.Intersects(*box) {
			continue
		}
		text = append(text, between...)
		between = w.between
		if text = w.one(a, text, quartier, resolution, &counts[i]); len(text) < room {
			continue
		}
		if _, err := c.Writer.Write(text); err != nil {
			return err
		}
		text = text[:0]
	}
	_, err := c.Writer.Write(append(text, w.tail...))
	return err
}

// boxRanges are the hexagons that may touch a box, as ranges of hexagons two
// resolutions coarser; nil for all. Only what lies in the territoire is looked
// at, so that a box of the world costs no more than the city.
func boxRanges(box, emprise orb.Bound, r hexgrid.Resolution) []hexcube.Range {
	coarse := max(r-2, hexgrid.Coarsest-2)
	middle, err := hexgrid.CellOf(emprise.Center(), coarse)
	if err != nil {
		return nil
	}
	// Hexagons reach a little beyond the coarser ones that hold their centres.
	one := middle.Boundary().Bound()
	reach := orb.Point{one.Max[0] - one.Min[0], one.Max[1] - one.Min[1]}
	grown := func(b orb.Bound) orb.Bound {
		return orb.Bound{Min: orb.Point{b.Min[0] - reach[0], b.Min[1] - reach[1]}, Max: orb.Point{b.Max[0] + reach[0], b.Max[1] + reach[1]}}
	}
	box, emprise = grown(box), grown(emprise)
	if !box.Intersects(emprise) {
		return []hexcube.Range{}
	}
	for axis := range 2 {
		box.Min[axis], box.Max[axis] = max(box.Min[axis], emprise.Min[axis]), min(box.Max[axis], emprise.Max[axis])
	}
	cells, err := hexgrid.Touching(orb.MultiPolygon{box.ToPolygon()}, coarse)
	if err != nil {
		return nil
	}
	ranges := make([]hexcube.Range, len(cells))
	for i, cell := range cells {
		ranges[i].First, ranges[i].Last = cell.DescendantRange(hexgrid.Stored)
	}
	return ranges
}

// readFilter reads the parameters that all maps share; the contract has
// already checked their spelling.
func readFilter(c *gin.Context, city *hexmap.City) (hexmap.Filter, error) {
	f := hexmap.Filter{Felt: atelier.Felt(c.Query("felt")), Source: c.Query("source"), Origins: readOrigins(c.Query("origine"))}
	var err error
	if f.Themes, err = readThemes(c.Query("theme")); err != nil {
		return f, err
	}
	if f.From, f.To, err = readPeriod(c.Query("from"), c.Query("to"), city.Zone, time.Now()); err != nil {
		return f, err
	}
	if f.Hours, err = readHours(c.Query("hours"), c.Query("days")); err != nil {
		return f, err
	}
	if id := c.Query("atelier"); id != "" {
		f.Atelier, _ = uuid.Parse(id) // the contract says that it is a UUID
	}
	return f, nil
}

// readOrigins splits a list of origins, in one order whatever that of the request.
func readOrigins(list string) []string {
	if list == "" {
		return nil
	}
	origins := strings.Split(list, ",")
	slices.Sort(origins)
	return slices.Compact(origins)
}

// readThemes splits a list of families.
func readThemes(list string) ([]string, error) {
	if list == "" {
		return nil, nil
	}
	codes := strings.Split(list, ",")
	for _, code := range codes {
		if err := atelier.CheckTheme(atelier.Theme(code), "theme"); err != nil {
			return nil, err
		}
	}
	return codes, nil
}

// readHours reads hours of the day (0 to 23) and days of the week (1, Monday, to
// 7, Sunday), as lists of numbers and of stretches: « 18-23,0-5 », « 1-5 ». One
// of the two missing means all of it; both missing is no condition.
func readHours(hours, days string) (set hexcube.HourSet, err error) {
	if hours == "" && days == "" {
		return set, nil
	}
	wantedHours, ok := readStretches(hours, 0, 23)
	if !ok {
		return set, fault.New(fault.Invalid, "heures_invalides", "Les heures vont de 0 à 23, par exemple 18-23,0-5.").At("hours")
	}
	wantedDays, ok := readStretches(days, 1, 7)
	if !ok {
		return set, fault.New(fault.Invalid, "jours_invalides", "Les jours vont de 1 (lundi) à 7 (dimanche), par exemple 1-5.").At("days")
	}
	for _, day := range wantedDays {
		for _, hour := range wantedHours {
			set.Add(hexcube.HourOf(day-1, hour))
		}
	}
	return set, nil
}

// readStretches reads « 1-3,5 » as 1, 2, 3, 5; "" is everything from first to
// last. A stretch does not pass over the end: it would be unclear to which day
// the hours after midnight belong.
func readStretches(text string, first, last int) (numbers []int, ok bool) {
	if text == "" {
		text = fmt.Sprintf("%d-%d", first, last)
	}
	for _, stretch := range strings.Split(text, ",") {
		from, to, found := strings.Cut(stretch, "-")
		if !found {
			to = from
		}
		low, err := strconv.Atoi(from)
		if err != nil {
			return nil, false
		}
		high, err := strconv.Atoi(to)
		if err != nil || low < first || high > last || low > high {
			return nil, false
		}
		for n := low; n <= high; n++ {
			numbers = append(numbers, n)
		}
	}
	return numbers, true
}

// maxYears bounds a period. No city has half a century of signalements.
const maxYears = 50

// readPeriod reads the first and the last day, both included, in the time zone
// of the territoire: from ≤ t < to. A day missing leaves its end open.
func readPeriod(first, last string, zone *time.Location, now time.Time) (from, to time.Time, err error) {
	end := now.In(zone)
	if last != "" {
		day, err := time.ParseInLocation(time.DateOnly, last, zone)
		if err != nil {
			return from, to, fault.New(fault.Invalid, "date_invalide", "Cette date n’existe pas.").At("to")
		}
		to, end = day.AddDate(0, 0, 1), day
	}
	if first != "" {
		if from, err = time.ParseInLocation(time.DateOnly, first, zone); err != nil {
			return from, to, fault.New(fault.Invalid, "date_invalide", "Cette date n’existe pas.").At("from")
		}
		if last != "" && from.After(end) {
			return from, to, fault.New(fault.Invalid, "periode_inversee", "La période finit avant de commencer.").At("to")
		}
		if from.AddDate(maxYears, 0, 0).Before(end) {
			return from, to, fault.New(fault.Invalid, "periode_trop_longue", "La période dépasse %d ans.", maxYears).At("from")
		}
	}
	return from, to, nil
}

// intQuery reads an integer that the contract has checked.
func intQuery(c *gin.Context, name string, absent int) int {
	n, err := strconv.Atoi(c.Query(name))
	if err != nil {
		return absent
	}
	return n
}
