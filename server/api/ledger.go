package api

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"quietude/server/atelier"
	"quietude/server/export"
	"quietude/server/hexmap"
	"quietude/server/report"
	"quietude/server/store"
)

func (a *API) ledgerRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Path: "/api/v1/actions.xlsx", Handle: a.ledgerAs("xlsx"), Heavy: true},
		{Method: http.MethodGet, Path: "/api/v1/actions.csv", Handle: a.ledgerAs("csv"), Heavy: true},
		{Method: http.MethodGet, Path: "/api/v1/actions.geojson", Handle: a.ledgerAs("geojson"), Heavy: true},
		{Method: http.MethodGet, Path: "/api/v1/indicateurs", Handle: a.indicators, Heavy: true},
		{Method: http.MethodGet, Path: "/api/v1/indicateurs.csv", Handle: a.indicatorTable, Heavy: true},
	}
}

// indicated counts what a CLSPDR reports, of a quartier unless "".
func (a *API) indicated(c *gin.Context, city *hexmap.City, quartier string) (n atelier.Indicators, err error) {
	ctx := c.Request.Context()
	meetings, err := a.Store.Ateliers(ctx, city.Code, quartier)
	if err != nil {
		return n, err
	}
	findings, err := a.Store.Findings(ctx, city.Code, store.FindingFilter{Quartier: quartier})
	if err != nil {
		return n, err
	}
	actions, err := a.Store.Actions(ctx, city.Code, store.ActionFilter{Quartier: quartier})
	if err != nil {
		return n, err
	}
	ids := make([]uuid.UUID, len(actions))
	for i, x := range actions {
		ids[i] = x.ID
	}
	history, err := a.Store.ActionHistory(ctx, city.Code, ids)
	if err != nil {
		return n, err
	}
	return atelier.Indicate(a.today(city), meetings, findings, actions, history), nil
}

func (a *API) indicators(c *gin.Context) error {
	city, err := a.territoire(c)
	if err != nil {
		return err
	}
	n, err := a.indicated(c, city, c.Query("quartier"))
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, mediaJSON, gin.H{"ateliers": n.Ateliers, "reunions": n.Reunions, "participants": n.Participants,
		"findings": n.Findings, "answered": n.Answered, "due": n.Due, "in_time": n.InTime, "by_state": n.ByState, "late": n.Late,
		"done": n.Done, "median_days": n.MedianDays})
}

// ledgerFigure is the ledger for those who keep a dashboard of their own (GPO),
// with the indicators and what each means.
type ledgerFigure struct {
	ledger, indicators export.Table
	places             *mapped
}

func (f *ledgerFigure) document() any          { return nil } // GET /api/v1/actions is
func (f *ledgerFigure) tables() []export.Table { return []export.Table{f.ledger, f.indicators} }
func (f *ledgerFigure) features() *mapped      { return f.places }

// ledgerAs answers with the ledger in a format.
func (a *API) ledgerAs(format string) func(*gin.Context) error {
	return func(c *gin.Context) error {
		f, err := a.ledgerOf(c)
		if err != nil {
			return err
		}
		return answerFigureAs(c, f, format)
	}
}

// ledgerOf is the ledger that a request asks for.
func (a *API) ledgerOf(c *gin.Context) (*ledgerFigure, error) {
	city, err := a.territoire(c)
	if err != nil {
		return nil, err
	}
	f, today, err := a.actionFilter(c, city)
	if err != nil {
		return nil, err
	}
	actions, err := a.Store.Actions(c.Request.Context(), city.Code, f)
	if err != nil {
		return nil, err
	}
	names, err := a.ledgerNames(c.Request.Context(), city.Code, f.Quartier)
	if err != nil {
		return nil, err
	}
	n, err := a.indicated(c, city, f.Quartier)
	if err != nil {
		return nil, err
	}
	ledger, places := ledgerTable(city, today, actions, names, a.basis(city, f.Quartier, len(actions), names.chosen(f)...))
	// Indicators are those of the place, whichever of its actions were chosen.
	return &ledgerFigure{ledger, tableOfIndicators(n, a.basis(city, f.Quartier, n.Actions())), places}, nil
}

// ledgerNames are the words for what an action names by its identifier.
type ledgerNames struct{ findings, ateliers, organisations map[uuid.UUID]string }

func (a *API) ledgerNames(ctx context.Context, territoire, quartier string) (ledgerNames, error) {
	names := ledgerNames{map[uuid.UUID]string{}, map[uuid.UUID]string{}, map[uuid.UUID]string{}}
	findings, err := a.Store.Findings(ctx, territoire, store.FindingFilter{Quartier: quartier})
	if err != nil {
		return names, err
	}
	for _, f := range findings {
		names.findings[f.ID] = f.Titre
	}
	meetings, err := a.Store.Ateliers(ctx, territoire, quartier)
	if err != nil {
		return names, err
	}
	for _, m := range meetings {
		names.ateliers[m.ID] = m.Titre
	}
	organisations, err := a.Store.Organisations(ctx, territoire)
	if err != nil {
		return names, err
	}
	for _, o := range organisations {
		names.organisations[o.ID] = o.Nom
	}
	return names, nil
}

// chosen says by what else than their quartier actions were chosen.
func (n ledgerNames) chosen(f store.ActionFilter) (words []string) {
	if f.Atelier != uuid.Nil {
		words = append(words, n.ateliers[f.Atelier])
	}
	if f.Pilote != uuid.Nil {
		words = append(words, n.organisations[f.Pilote])
	}
	for _, state := range f.States {
		words = append(words, "état « "+report.ActionStateNames[state]+" »")
	}
	if f.LateBefore != nil {
		words = append(words, "en retard seulement")
	}
	return words
}

// ledgerTable is a line for each action, and those that have a place on the map.
func ledgerTable(city *hexmap.City, today time.Time, actions []atelier.Action, names ledgerNames, basis export.Context) (export.Table, *mapped) {
	ledger := export.Table{Name: "actions", Title: "Suivi des actions", Context: basis, Columns: export.Columns("quartier", "atelier", "type", "action", "detail",
		"etat", "en_retard", "pilote", "partenaires", "echeance", "realisee_le", "raison", "preuve", "lien", "constats", "creee_le", "modifiee_le")}
	places := newMapped("Actions placées sur la carte", basis)
	places.name = "actions"
	for _, x := range actions {
		quartier := x.Quartier
		if q, found := city.Area(x.Quartier); found {
			quartier = q.Nom
		}
		var partners, answers []string
		for _, id := range x.Partners {
			partners = append(partners, names.organisations[id])
		}
		for _, id := range x.Findings {
			answers = append(answers, names.findings[id])
		}
		slices.Sort(partners)
		late := "non"
		if x.Late(today) {
			late = "oui"
		}
		code, state := report.ActionCodeNames[x.Code], report.ActionStateNames[x.State]
		ledger.Rows = append(ledger.Rows, []any{quartier, names.ateliers[x.Atelier], code, x.Titre, x.Detail,
			state, late, names.organisations[x.Pilote], strings.Join(partners, ", "), dayCell(x.Echeance), dayCell(x.DoneOn),
			x.Reason, x.Proof, x.ProofURL, strings.Join(answers, " ; "), x.CreatedAt.In(city.Zone), x.UpdatedAt.In(city.Zone)})
		if x.Geometry != nil {
			places.draw(x.ID.String(), x.Geometry, map[string]any{"quartier": quartier, "type": code, "action": x.Titre,
				"etat": state, "en_retard": late, "echeance": dayOrEmpty(x.Echeance), "realisee_le": dayOrEmpty(x.DoneOn)})
		}
	}
	return ledger, places
}

// basis is what the figures of a ledger rest on: some actions of a place, and what
// else they were chosen by.
func (a *API) basis(city *hexmap.City, quartier string, actions int, chosen ...string) export.Context {
	today, where := a.today(city), "toute la ville"
	if q, found := city.Area(quartier); found {
		where = q.Nom
	}
	noun := "actions"
	if actions < 2 {
		noun = "action"
	}
	n := fmt.Sprintf("%d %s, %s", actions, noun, strings.Join(append([]string{where}, chosen...), ", "))
	basis := export.Context{Source: "Quiétude, ville de " + city.Nom, Period: "état au " + report.Day(today), N: n, Made: today}
	if city.Demo {
		basis.Caveat = "Données fictives."
	}
	return basis
}

// indicatorTable is the indicators with their definitions as CSV.
func (a *API) indicatorTable(c *gin.Context) error {
	city, err := a.territoire(c)
	if err != nil {
		return err
	}
	n, err := a.indicated(c, city, c.Query("quartier"))
	if err != nil {
		return err
	}
	var body bytes.Buffer
	if err := export.CSV(&body, tableOfIndicators(n, a.basis(city, c.Query("quartier"), n.Actions()))); err != nil {
		return err
	}
	c.Header("Content-Disposition", fmt.Sprintf(`attachment; filename="indicateurs-%s.csv"`, a.today(city).Format(time.DateOnly)))
	c.Header("Cache-Control", "private, no-cache")
	c.Data(http.StatusOK, "text/csv; charset=utf-8", body.Bytes())
	return nil
}

func dayCell(t *time.Time) any {
	if t == nil {
		return nil
	}
	return *t
}

// tableOfIndicators is the indicators, each with its definition.
func tableOfIndicators(n atelier.Indicators, basis export.Context) export.Table {
	t := export.Table{Name: "indicateurs", Title: "Indicateurs du CLSPDR", Context: basis, Columns: export.Columns("indicateur", "valeur", "definition")}
	add := func(name string, value any, definition string) {
		t.Rows = append(t.Rows, []any{name, value, definition})
	}
	add("Ateliers tenus", n.Ateliers, "Ateliers de tranquillité publique clos.")
	add("Réunions spécifiques tenues", n.Reunions, "Réunions avec des habitants ou une copropriété, closes.")
	add("Participations d’habitants", n.Participants, "Habitants qui ont rejoint une de ces rencontres ; qui vient deux fois compte deux fois.")
	add("Constats", n.Findings, "Constats de ces rencontres, sans ceux qui ont été retirés.")
	add("Constats répondus", n.Answered, "Constats auxquels une autorité s’est engagée, a transmis ou a refusé avec sa raison.")
	add("Constats de six mois ou plus", n.Due, "Constats écrits il y a au moins six mois.")
	var share any
	if n.Due > 0 {
		share = math.Round(1000*float64(n.InTime)/float64(n.Due)) / 10
	}
	add("dont répondus en six mois", n.InTime, "Constats de six mois ou plus pour lesquels il a été décidé en six mois au plus : une action retenue, programmée, en cours ou faite, et qui tient toujours, ou un refus avec sa raison. Un constat transmis ou à l’étude attend encore.")
	add("Part répondue en six mois (%)", share, "Les constats répondus en six mois, sur 100 constats de six mois ou plus ; vide s’il n’y en a pas. Un constat plus récent a encore le temps : il n’est pas compté.")
	for _, s := range atelier.ActionStates {
		add("Actions : "+report.ActionStateNames[s], n.ByState[s], "Actions dont c’est l’état aujourd’hui.")
	}
	add("Actions en retard", n.Late, "Actions dont l’échéance est passée et qui ne sont ni réalisées, ni refusées, ni abandonnées.")
	var median any
	if n.MedianDays != nil {
		median = *n.MedianDays
	}
	add("Délai médian de réalisation (jours)", median, "De l’inscription au registre au jour où l’action est réalisée ; vide si aucune ne l’est.")
	return t
}
