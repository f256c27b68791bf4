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
	city, err := a.staffCity(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	from, to, err := readPeriod(c.Query("from"), c.Query("to"), city.Zone, a.Now())
	if err != nil {
		return err
	}
	// A period is compared with the one before: both have to be over.
	if now := a.Now(); to.After(now) {
		to = now
	}
	if !from.Before(to) {
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
		p := propose(view, area.Code, from, to)
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

// propose counts a quartier in from ≤ t < to and in as many days before.
func propose(view *analysis.View, quartier string, from, to time.Time) wireProposition {
	f := hexmap.Filter{Quartier: quartier, Source: "signalements", From: from, To: to}
	now := view.Count(f)
	f.From, f.To = from.Add(-to.Sub(from)), from
	before := view.Count(f)
	p := wireProposition{Quartier: quartier, Signalements: whole(now.N), Before: whole(before.N), Trend: trendOf(before, now), Themes: []wireShare{},
		Moments: map[string]int{}}
	slices.SortStableFunc(now.Themes, func(a, b analysis.Family) int { return whole(b.Count) - whole(a.Count) })
	for _, t := range now.Themes[:min(mostThemes, len(now.Themes))] {
		if n := whole(t.Count); n > 0 {
			p.Themes = append(p.Themes, wireShare{t.Theme, n})
		}
	}
	for moment, hours := range momentHours {
		numbers, _ := readStretches(hours, 0, 23)
		n := 0.0
		for _, day := range now.Strip {
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

// trendOf compares how many people reported in two periods of the same length:
// one person who writes ten times is no trend. Who gave no name counts as one
// each. Only a difference beyond chance (exact 95 % interval of the ratio) is a
// trend.
func trendOf(before, now analysis.Counts) string {
	ratio, ok := hexstat.CompareRates(now.People+now.Anonymous, 1, before.People+before.Anonymous, 1, hexstat.Level95).Get()
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
