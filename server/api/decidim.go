package api

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"fmt"
	"html"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"quietude/server/atelier"
	"quietude/server/export"
	"quietude/server/report"
	"quietude/server/store"
)

// decidimRoutes are files for a participation platform of the city: what is
// public already, in the columns of Decidim.
func (a *API) decidimRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Path: "/api/v1/decidim/resultats.csv", Handle: a.decidimResults},
		{Method: http.MethodGet, Path: "/api/v1/decidim/rencontres.csv", Handle: a.decidimMeetings},
	}
}

// decidimColumns are those that the importer of results reads (decidim/decidim,
// ResultsCsvImporter at 0c33e7f, its fixture valid_result.csv, ResultForm at
// 567df9d): a line without id makes a result, one with the id of a result changes
// it. What a platform calls the states of its results is an object of its own with
// a number of its own, which the city fills in there; so are categories and scopes,
// which are left out since taxonomies replace them (#13669).
var decidimColumns = []string{"id", "parent/id", "title/fr", "description/fr", "start_date", "end_date", "status/id", "progress", "proposal_urls"}

// decidimProgress is how far an action is, in percent: Decidim's own states are
// made by each city.
var decidimProgress = map[atelier.ActionState]int{atelier.Proposed: 0, atelier.Retained: 10, atelier.Studied: 20, atelier.Forwarded: 20,
	atelier.Planned: 40, atelier.Ongoing: 60, atelier.Done: 100, atelier.Verified: 100, atelier.Refused: 0, atelier.Abandoned: 0}

// decidimResults are the public actions, one result each. What nobody has
// decided to show is not in the file.
func (a *API) decidimResults(c *gin.Context) error {
	city, rows, err := a.publicActions(c)
	if err != nil {
		return err
	}
	lines := [][]string{decidimColumns}
	for _, r := range rows {
		quartier, _ := city.Area(r.Quartier)
		start := r.ChangedOn
		if r.AtelierOn != nil {
			start = *r.AtelierOn
		}
		end := r.Echeance
		if r.DoneOn != nil {
			end = r.DoneOn
		}
		lines = append(lines, []string{"", "", export.Escape(r.Titre), decidimDescription(r.Demo, r.Said, r.Answer, quartier.Nom, r.Pilote, report.ActionStateNames[r.State]),
			start.Format(time.DateOnly), dayOrEmpty(end), "", strconv.Itoa(decidimProgress[r.State]), ""})
	}
	return a.answerDecidim(c, "resultats", lines)
}

// decidimDescription is what the public reads, in paragraphs: the platform keeps
// descriptions as HTML, where lines of plain text would run into each other.
func decidimDescription(demo bool, said, done, quartier, pilote, state string) string {
	var out strings.Builder
	add := func(name, text string) {
		if text != "" {
			out.WriteString("<p>" + html.EscapeString(name+" : "+text) + "</p>")
		}
	}
	if demo {
		out.WriteString("<p>Données fictives</p>")
	}
	add("Quartier", quartier)
	add("Ce que vous avez dit", said)
	add("Ce que nous avons fait", done)
	add("Où en est-on", state)
	add("Qui s’en charge", pilote)
	return out.String()
}

// meetingColumns are the fields with which a meeting is closed (decidim/decidim,
// Admin::CloseMeetingForm at 84aae44), after what tells which meeting it is: no
// importer of meetings exists, so a person, or a script with the platform's API,
// copies them. There is no recording of an evening: the fields for one are empty.
var meetingColumns = []string{"title/fr", "start_time", "end_time", "location/fr", "closing_report/fr", "video_url", "audio_url", "attendees_count", "contributions_count",
	"attending_organizations", "closed_at"}

// decidimMeetings are the meetings that were held. Residents and institutions
// are numbers, and what was said is the titles of the constats that are public.
func (a *API) decidimMeetings(c *gin.Context) error {
	city, err := a.territoire(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	wanted, err := queryID(c, "atelier")
	if err != nil {
		return err
	}
	meetings, err := a.Store.Ateliers(ctx, city.Code, c.Query("quartier"))
	if err != nil {
		return err
	}
	actions, decisions, err := a.publicTexts(c, city.Code)
	if err != nil {
		return err
	}
	ids := make([]uuid.UUID, len(meetings))
	for i, m := range meetings {
		ids[i] = m.ID
	}
	read, err := a.Store.Readings(ctx, city.Code, ids)
	if err != nil {
		return err
	}
	lines := [][]string{meetingColumns}
	for _, m := range meetings {
		if m.State != "closed" || wanted != uuid.Nil && m.ID != wanted {
			continue
		}
		came, err := a.Store.Institutions(ctx, city.Code, m.ID)
		if err != nil {
			return err
		}
		people, names := m.Participants, []string{}
		for _, i := range came {
			if i.Present != nil && *i.Present > 0 {
				people += *i.Present
				names = append(names, fmt.Sprintf("%s (%d)", institutionNames[i.Institution], *i.Present))
			}
		}
		report, marked := []string{}, ""
		if m.Demo {
			marked = decidimDescription(true, "", "", "", "", "")
		}
		for _, x := range actions {
			if d := decisions[x.ID]; x.Atelier == m.ID && d.Shown {
				report = append(report, decidimDescription(false, d.Said, strings.TrimSuffix(d.Titre+". "+d.Answer, ". "), "", "", ""))
			}
		}
		end := m.ClosesAt
		if m.FrozenAt != nil {
			end = *m.FrozenAt
		}
		// As the public reads them: what waits to be read is not in the file.
		titre := cmp.Or(read.Of(m.ID, atelier.ChampTitre, m.Titre).Text, map[string]string{"atelier": "Atelier de tranquillité publique", "reunion": "Réunion avec des habitants"}[m.Kind])
		lieu := read.Of(m.ID, atelier.ChampLieu, m.Lieu).Text
		clock := func(t time.Time) string { return t.In(city.Zone).Format("2006-01-02 15:04:05") }
		lines = append(lines, []string{export.Escape(titre), clock(m.StartsAt), clock(end), export.Escape(lieu), marked + strings.Join(report, ""), "", "",
			strconv.Itoa(people), strconv.Itoa(len(report)), export.Escape(strings.Join(names, ", ")), clock(end)})
	}
	return a.answerDecidim(c, "rencontres", lines)
}

// publicTexts are all actions with what was decided about their texts.
func (a *API) publicTexts(c *gin.Context, territoire string) ([]atelier.Action, map[uuid.UUID]atelier.SuiviDecision, error) {
	actions, err := a.Store.Actions(c.Request.Context(), territoire, store.ActionFilter{})
	if err != nil {
		return nil, nil, err
	}
	decisions, err := a.Store.SuiviDecisions(c.Request.Context(), territoire, uuid.Nil)
	return actions, decisions, err
}

// answerDecidim writes a file with Decidim's usual separator.
func (a *API) answerDecidim(c *gin.Context, name string, lines [][]string) error {
	var body bytes.Buffer
	w := csv.NewWriter(&body)
	w.Comma = ';'
	if err := w.WriteAll(lines); err != nil {
		return err
	}
	c.Header("Content-Disposition", `attachment; filename="decidim-`+name+`.csv"`)
	c.Header("Cache-Control", "private, no-cache")
	c.Data(http.StatusOK, "text/csv; charset=utf-8", body.Bytes())
	return nil
}
