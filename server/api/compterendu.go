package api

import (
	"fmt"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"quietude/server/compterendu"
	"quietude/server/personal"
	"quietude/server/report"
)

func (a *API) compteRenduRoutes() []Route {
	const path = "/api/v1/ateliers/{id}/compte-rendu"
	return []Route{
		{Method: http.MethodGet, Path: path, Handle: a.compteRendu, Heavy: true},
		{Method: http.MethodGet, Path: path + ".html", Handle: a.compteRenduAs("html", "text/html; charset=utf-8", report.Document.HTML), Heavy: true},
		{Method: http.MethodGet, Path: path + ".pdf", Handle: a.compteRenduAs("pdf", "application/pdf", report.Document.PDF), Heavy: true},
		{Method: http.MethodGet, Path: path + ".odt", Handle: a.compteRenduAs("odt", "application/vnd.oasis.opendocument.text", report.Document.ODT), Heavy: true},
	}
}

// writeCompteRendu writes the compte rendu of the atelier of the path, for who
// leads it; day is the evening's, in the territoire.
func (a *API) writeCompteRendu(c *gin.Context) (written compterendu.CompteRendu, day time.Time, err error) {
	t, err := a.animatedOf(c)
	if err != nil {
		return written, day, err
	}
	ctx := c.Request.Context()
	city, err := a.Places.City(ctx, t.Territoire)
	if err != nil {
		return written, day, err
	}
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
	version := compterendu.Diffusion
	if c.Query("version") == string(compterendu.Travail) {
		version = compterendu.Travail
	}
	written, err = compterendu.Of(ctx, a.Store, city, t.ID, present, detector, version)
	return written, t.StartsAt.In(city.Zone), err
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
	type masked struct {
		Where string        `json:"where"`
		Kind  personal.Kind `json:"kind"`
	}
	out := []masked{}
	for _, m := range written.Masked {
		out = append(out, masked{m.Where, m.Kind})
	}
	return answer(c, http.StatusOK, mediaJSON, gin.H{"title": written.Title, "masked": out, "unread": written.Unread, "map": written.Map})
}
