package api

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"quietude/server/compterendu"
	"quietude/server/fault"
	"quietude/server/personal"
	"quietude/server/publication"
	"quietude/server/report"
	"quietude/server/store"
)

func (a *API) compteRenduRoutes() []Route {
	const path = "/api/v1/ateliers/{id}/compte-rendu"
	return []Route{
		{Method: http.MethodGet, Path: path, Handle: a.compteRendu, Heavy: true},
		{Method: http.MethodGet, Path: path + ".html", Handle: a.compteRenduAs("html", "text/html; charset=utf-8", report.Document.HTML), Heavy: true},
		{Method: http.MethodGet, Path: path + ".pdf", Handle: a.compteRenduAs("pdf", "application/pdf", report.Document.PDF), Heavy: true},
		{Method: http.MethodPost, Path: path + "/diffusion", Handle: a.diffuse, Heavy: true},
		{Method: http.MethodGet, Path: path + ".odt", Handle: a.compteRenduAs("odt", "application/vnd.oasis.opendocument.text", report.Document.ODT), Heavy: true},
	}
}

// writeCompteRendu writes the compte rendu of the atelier of the path, for who
// leads it; day is the evening's, in the territoire.
func (a *API) writeCompteRendu(c *gin.Context) (written compterendu.CompteRendu, day time.Time, err error) {
	t, city, err := a.animatedIn(c)
	if err != nil {
		return written, day, err
	}
	ctx := c.Request.Context()
	invited, err := a.Store.Institutions(ctx, t.Territoire, t.ID)
	if err != nil {
		return written, day, err
	}
	var present []compterendu.Presence
	for _, i := range invited {
		present = append(present, compterendu.Presence{Institution: institutionNames[i.Institution], Expected: i.Expected, Present: i.Present})
	}
	detector, err := a.detectors.of(c, a.Store, city)
	if err != nil {
		return written, day, err
	}
	written, err = compterendu.Of(ctx, a.Store, city, t.ID, present, detector, versionOf(c))
	return written, t.StartsAt.In(city.Zone), err
}

func versionOf(c *gin.Context) compterendu.Version {
	if c.Query("version") == string(compterendu.Travail) {
		return compterendu.Travail
	}
	return compterendu.Diffusion
}

func (a *API) compteRenduAs(extension, media string, write func(report.Document) ([]byte, error)) func(*gin.Context) error {
	return func(c *gin.Context) error {
		written, day, err := a.writeCompteRendu(c)
		if err != nil {
			return err
		}
		body, err := write(written.Document)
		if err != nil {
			return err
		}
		if versionOf(c) == compterendu.Travail { // which has texts that nobody has decided about
			if err := a.readTexts(c, len(written.Unread)); err != nil {
				return err
			}
		}
		how := "inline"
		if extension == "odt" {
			how = "attachment"
		}
		c.Header("Content-Disposition", fmt.Sprintf(`%s; filename="compte-rendu-%s.%s"`, how, day.Format(time.DateOnly), extension))
		if extension == "html" {
			c.Header("Content-Security-Policy", report.DocumentPolicy)
		}
		c.Data(http.StatusOK, media, body)
		return nil
	}
}

// compteRendu says what the document leaves out, so that the animateur reads the
// words and publishes the map before handing it out.
func (a *API) compteRendu(c *gin.Context) error {
	written, _, err := a.writeCompteRendu(c)
	if err != nil {
		return err
	}
	return answerCompteRendu(c, written, "")
}

// diffuse makes the compte rendu ready to be handed out, with its map, by one
// request: it builds the edition of this evening alone and publishes it. While
// words wait to be read it refuses, and says which. An evening that is counted
// already, or of which no edition is possible, stays as it is.
func (a *API) diffuse(c *gin.Context) error {
	var sent struct {
		ID uuid.UUID `json:"id"`
	}
	if err := bodyOf(c).Decode(&sent); err != nil {
		return err
	}
	t, err := a.animatedOf(c)
	if err != nil {
		return err
	}
	if a.Publisher == nil {
		return errNoPublic
	}
	written, _, err := a.writeCompteRendu(c)
	if err != nil {
		return err
	}
	if n := len(written.Unread); n > 0 {
		return fault.New(fault.Conflict, "relecture_inachevee", "Rien n’est publié : dans cette soirée, %s à relire.", map[bool]string{true: "un texte reste", false: fmt.Sprint(n, " textes restent")}[n == 1]).With("unread", written.Unread)
	}
	if written.Map != compterendu.MapNone {
		return answerCompteRendu(c, written, "")
	}
	ctx := c.Request.Context()
	built, err := a.Publisher.BuildNow(ctx, store.Brouillon{Territoire: t.Territoire, ID: sent.ID, Quartier: t.Quartier, Ateliers: []uuid.UUID{t.ID}})
	if built.State == "refused" {
		return answerCompteRendu(c, written, publication.Refused(built.Refusal))
	}
	if err != nil {
		return err
	}
	if !slices.Equal(built.Ateliers, []uuid.UUID{t.ID}) {
		return errOtherBrouillon
	}
	if _, err := a.Publisher.Publish(ctx, t.Territoire, sent.ID); err != nil {
		return err
	}
	if written, _, err = a.writeCompteRendu(c); err != nil {
		return err
	}
	return answerCompteRendu(c, written, "")
}

// answerCompteRendu says what a compte rendu leaves out; refusal is why there is
// no edition.
func answerCompteRendu(c *gin.Context, written compterendu.CompteRendu, refusal string) error {
	type masked struct {
		Where string        `json:"where"`
		Kind  personal.Kind `json:"kind"`
	}
	out := []masked{}
	for _, m := range written.Masked {
		out = append(out, masked{m.Where, m.Kind})
	}
	facts := gin.H{"title": written.Title, "masked": out, "unread": append([]string{}, written.Unread...), "map": written.Map}
	if refusal != "" {
		facts["refusal"] = refusal
	}
	return answer(c, http.StatusOK, mediaJSON, facts)
}
