package api

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/paulmach/orb"

	"quietude/geo/hexgrid"
	"quietude/geo/hexstat"
	"quietude/server/analysis"
	"quietude/server/fault"
	"quietude/server/report"
)

// wireFichePlace is a place as a patrol reads it: French sentences beside the
// figures they were made from.
type wireFichePlace struct {
	wireFoundPlace
	Where string   `json:"where"`
	When  string   `json:"when"`
	Lines []string `json:"lines"`
}

type wireFiche struct {
	Commune  string    `json:"commune"`
	Quartier string    `json:"quartier"`
	Period   *wireDays `json:"period"`
	// Choices are what else was asked for, in words.
	Choices   string           `json:"choices"`
	PrintedOn string           `json:"printed_on"`
	Demo      bool             `json:"demo"`
	Caveat    string           `json:"caveat"`
	Places    []wireFichePlace `json:"places"`
	// Cells are the outlines of the hexagons of all places.
	Cells map[string]orb.Ring `json:"cells"`
}

// chosenPlace is a place that somebody put on a sheet without a test.
const chosenPlace analysis.Origin = "chosen"

// sheetPatience is how long a PDF waits for its tests, within requestTime.
const sheetPatience = 12 * time.Second

func (a *API) statistiqueFiche(c *gin.Context) error {
	q, err := a.ask(c)
	if err != nil {
		return err
	}
	out, _, progress, err := a.fiche(c, q, testPatience)
	if err != nil || out == nil {
		return unfinished(c, progress, err)
	}
	c.Header("Cache-Control", "private, no-store")
	return answer(c, http.StatusOK, mediaJSON, out)
}

func (a *API) statistiqueFichePDF(c *gin.Context) error {
	q, err := a.ask(c)
	if err != nil {
		return err
	}
	fiche, sheet, progress, err := a.fiche(c, q, sheetPatience)
	if err != nil {
		return err
	}
	if fiche == nil {
		return fault.New(fault.Unavailable, "calcul_en_cours", "Le calcul n’est pas fini (%d %%). Réessayez dans un instant.", int(100*progress)).After(2 * time.Second)
	}
	if sheet.Streets, err = a.Store.Streets(c.Request.Context(), q.city.Code); err != nil {
		return err
	}
	for _, area := range q.city.Areas {
		sheet.Limits = append(sheet.Limits, area.Geom)
	}
	body, err := report.Patrol(sheet)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "private, no-store")
	c.Header("Content-Disposition", fmt.Sprintf(`inline; filename="fiche-patrouille-%s.pdf"`, sheet.PrintedOn.Format(time.DateOnly)))
	c.Data(http.StatusOK, "application/pdf", body)
	return nil
}

// fiche gathers at most ten places: those that the request names, else the most
// surprising ones of each method in turn. It is nil while the tests go on.
func (a *API) fiche(c *gin.Context, q question, wait time.Duration) (*wireFiche, report.PatrolSheet, float64, error) {
	out := &wireFiche{Commune: q.city.Nom, PrintedOn: a.Now().In(q.city.Zone).Format(time.DateOnly), Demo: q.city.Demo, Caveat: report.Caveat, Choices: q.words(), Places: []wireFichePlace{}, Cells: map[string]orb.Ring{}}
	sheet := report.PatrolSheet{Ville: q.city.Nom, PrintedOn: a.Now().In(q.city.Zone), Demo: q.city.Demo, Choices: q.words()}
	if area, ok := q.city.Area(q.filter.Quartier); ok {
		out.Quartier, sheet.Quartier = area.NomCourt, area.NomCourt
	}
	wanted, err := a.wantedPlaces(c, q)
	if err != nil {
		return nil, sheet, 0, err
	}
	started := time.Now()
	agreed, progress, err := a.agreements(c, q, wait)
	if err != nil || agreed == nil {
		return nil, sheet, progress / 2, err
	}
	gathered, progress, err := a.concentrations(c, q, max(0, wait-time.Since(started)))
	if err != nil || gathered == nil {
		return nil, sheet, 0.5 + progress/2, err
	}
	counts := q.view.Count(q.filter)
	wire := countsOf(counts, q.filter)
	if out.Period = wire.Period; out.Period != nil {
		sheet.From, sheet.To = dayOf(out.Period.From, q), dayOf(out.Period.To, q)
	}
	var lists [3][]wireFoundPlace
	for _, one := range agreed.Ateliers {
		lists[0] = append(lists[0], one.Places...)
	}
	lists[1], lists[2] = gathered.Gathered, gathered.Risen
	chosen := inTurn(lists, wanted)
	for _, cell := range wanted {
		if !slices.ContainsFunc(chosen, func(p wireFoundPlace) bool { return p.H3 == cell }) {
			place, err := a.placeWithoutTest(c, q, cell, counts.N)
			if err != nil {
				return nil, sheet, 0, err
			}
			chosen = append(chosen, place)
		}
	}
	for _, p := range chosen[:min(len(chosen), report.MostPatrolPlaces)] {
		paper := a.patrolPlace(p, q)
		sheet.Places = append(sheet.Places, paper)
		for _, h := range p.Hexagons {
			out.Cells[h.String()] = snapRing(h.Boundary())
		}
		out.Places = append(out.Places, wireFichePlace{p, paper.Where(), paper.When(), paper.Lines()})
	}
	return out, sheet, 1, nil
}

// inTurn takes the wanted places, or all when none is wanted, one of each list
// after the other.
func inTurn(lists [3][]wireFoundPlace, wanted []hexgrid.Cell) []wireFoundPlace {
	var out []wireFoundPlace
	for i := range max(len(lists[0]), len(lists[1]), len(lists[2])) {
		for _, list := range lists {
			if i >= len(list) {
				continue
			}
			p := list[i]
			taken := slices.ContainsFunc(out, func(o wireFoundPlace) bool { return o.H3 == p.H3 })
			if !taken && (len(wanted) == 0 || slices.Contains(wanted, p.H3)) {
				out = append(out, p)
			}
		}
	}
	return out
}

// wantedPlaces reads the hexagons that the request names.
func (a *API) wantedPlaces(c *gin.Context, q question) ([]hexgrid.Cell, error) {
	text := c.Query("lieux")
	if text == "" {
		return nil, nil
	}
	var out []hexgrid.Cell
	for _, one := range strings.Split(text, ",") {
		cell, err := hexgrid.ParseCell(one)
		if err != nil || cell.Resolution() < hexgrid.Coarsest || cell.Resolution() > hexgrid.Stored || !q.city.Emprise.Contains(cell.Centre()) {
			return nil, fault.New(fault.Invalid, "lieu_inconnu", "Un des lieux de la fiche n’existe pas.").At("lieux")
		}
		if !slices.Contains(out, cell) {
			out = append(out, cell)
		}
	}
	return out, nil
}

func (a *API) placeWithoutTest(c *gin.Context, q question, cell hexgrid.Cell, all float64) (wireFoundPlace, error) {
	counts := q.view.CountIn(q.filter, []hexgrid.Cell{cell})
	n, of := int(math.Round(counts.N)), int(math.Round(all))
	p := analysis.Place{Origin: chosenPlace, Peak: cell, Hexagons: []hexgrid.Cell{cell}, N: n, Of: of, People: counts.People, P: 1,
		Share: hexstat.Wilson(n, of, hexstat.Level95)}
	place, err := a.placeOf(c, q, p)
	place.Period = countsOf(counts, q.filter).Period
	return place, err
}

func dayOf(text string, q question) time.Time {
	day, _ := time.ParseInLocation(time.DateOnly, text, q.city.Zone) // written a moment ago
	return day
}

func (a *API) patrolPlace(p wireFoundPlace, q question) report.PatrolPlace {
	out := report.PatrolPlace{Name: p.Name, Origin: report.PatrolOrigin(p.Origin), N: p.N, Of: p.Of, People: p.People, Expected: p.Expected, P: p.P, Titre: p.Titre}
	if p.Share != nil {
		out.Low, out.High = p.Share.Lo, p.Share.Hi
	}
	if p.Period != nil {
		out.From, out.To = dayOf(p.Period.From, q), dayOf(p.Period.To, q)
	}
	if b := p.Band; b != nil {
		out.Band = &report.PatrolBand{FirstDay: b.FirstDay, LastDay: b.LastDay, From: b.From, To: b.To, N: b.N, Of: b.Of}
	}
	for _, h := range p.Hexagons {
		out.Hexagons = append(out.Hexagons, orb.Ring(h.Boundary()))
	}
	return out
}
