package api

import (
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"quietude/geo/hexstat"
	"quietude/server/analysis"
	"quietude/server/atelier"
	"quietude/server/fault"
	"quietude/server/hexmap"
)

func (a *API) propositionRoutes() []Route {
	return []Route{{Method: http.MethodGet, Path: "/api/v1/propositions", Handle: a.propositions, Heavy: true}}
}

// wireProposition is what speaks for an atelier in a quartier.
type wireProposition struct {
	Quartier     string         `json:"quartier"`
	Signalements int            `json:"signalements"`
	Before       int            `json:"before"`
	Trend        string         `json:"trend"`
	Themes       []wireShare    `json:"themes"`
	Moments      map[string]int `json:"moments"`
	Reporters    int            `json:"reporters"`
	Last         *time.Time     `json:"last"`
}

type wireShare struct {
	Theme atelier.Theme `json:"theme"`
	N     int           `json:"n"`
}

// mostThemes are as many as one sentence names.
const mostThemes = 3

// propositions gives each quartier what was reported in a period, beside the
// same time before, and how many could be invited. Quartiers come by name: a
// raw count would rank the largest first, whatever happens there.
func (a *API) propositions(c *gin.Context) error {
	city, err := a.territoire(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	from, to, err := readPeriod(c.Query("from"), c.Query("to"), city.Zone, a.Now())
	if err != nil {
		return err
	}
	// Days are counted whole: today's, with what was received a moment ago, is
	// the last one, of which only a part is over.
	now := a.Now()
	y, m, d := now.In(city.Zone).Date()
	if tomorrow := time.Date(y, m, d+1, 0, 0, 0, 0, city.Zone); to.After(tomorrow) {
		to = tomorrow
	}
	if from.After(now) {
		return fault.New(fault.Unprocessable, "periode_future", "La période doit être passée.").At("to")
	}
	reachable, err := a.Store.ReportersCounted(ctx, city.Code, from, to)
	if err != nil {
		return err
	}
	meetings, err := a.Store.Ateliers(ctx, city.Code, "")
	if err != nil {
		return err
	}
	view, err := a.ledger.View(ctx, city.Code)
	if err != nil {
		return err
	}
	out := []wireProposition{}
	for _, area := range city.Areas {
		p := propose(view, area.Code, from, to, now)
		p.Reporters = reachable[area.Code]
		for _, m := range meetings {
			if m.Quartier == area.Code && m.State == "closed" && (p.Last == nil || m.StartsAt.After(*p.Last)) {
				p.Last = inUTC(&m.StartsAt)
			}
		}
		out = append(out, p)
	}
	return answer(c, http.StatusOK, mediaJSON, gin.H{"propositions": out})
}

// propose counts a quartier in the days from ≤ t < to and in as many days before;
// now tells how much of the last one is over. In a zone that changes its clock a
// day is not always 24 hours.
func propose(view *analysis.View, quartier string, from, to, now time.Time) wireProposition {
	days := 0
	for day := from; day.Before(to); day = from.AddDate(0, 0, days) {
		days++
	}
	earlier := from.AddDate(0, 0, -days)
	f := hexmap.Filter{Quartier: quartier, Source: "signalements", From: from, To: to}
	counted := view.Count(f)
	f.From, f.To = earlier, from
	before := view.Count(f)
	if to.After(now) {
		to = now
	}
	p := wireProposition{Quartier: quartier, Signalements: whole(counted.N), Before: whole(before.N),
		Trend: trendOf(before, from.Sub(earlier), counted, to.Sub(from)), Themes: []wireShare{}, Moments: map[string]int{}}
	slices.SortStableFunc(counted.Themes, func(a, b analysis.Family) int { return whole(b.Count) - whole(a.Count) })
	for _, t := range counted.Themes[:min(mostThemes, len(counted.Themes))] {
		if n := whole(t.Count); n > 0 {
			p.Themes = append(p.Themes, wireShare{t.Theme, n})
		}
	}
	for moment, hours := range momentHours {
		numbers, _ := readStretches(hours, 0, 23)
		n := 0.0
		for _, day := range counted.Strip {
			for _, hour := range numbers {
				n += day[hour]
			}
		}
		p.Moments[moment] = whole(n)
	}
	return p
}

// whole rounds an aoristic number: shares of a moment add up to whole numbers
// but for the rounding of floats.
func whole(n float64) int { return int(n + 0.5) }

// trendOf compares how many people reported in two periods, per time: one person
// who writes ten times is no trend. Who gave no name counts as one each. Only a
// difference beyond chance (exact 95 % interval of the ratio) is a trend.
func trendOf(before analysis.Counts, earlier time.Duration, now analysis.Counts, later time.Duration) string {
	ratio, ok := hexstat.CompareRates(now.People+now.Anonymous, later.Hours(), before.People+before.Anonymous, earlier.Hours(), hexstat.Level95).Get()
	if !ok {
		return "unknown"
	}
	high, bounded := ratio.Exact.Hi.Get()
	switch {
	case ratio.Exact.Lo > 1:
		return "more"
	case bounded && high < 1:
		return "fewer"
	}
	return "same"
}
