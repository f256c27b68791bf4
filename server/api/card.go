package api

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"quietude/server/atelier"
	"quietude/server/compterendu"
	"quietude/server/fault"
	"quietude/server/hexmap"
	"quietude/server/report"
)

func (a *API) cardRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Path: "/api/v1/ateliers/{id}/cartes-tables.pdf", Handle: a.tableCards, Heavy: true},
		{Method: http.MethodGet, Path: "/api/v1/ateliers/{id}/qr/{numero}.svg", Handle: a.tableQR},
		{Method: http.MethodGet, Path: "/api/v1/ateliers/{id}/plans-tables.pdf", Handle: a.tableMaps, Heavy: true},
		{Method: http.MethodGet, Path: "/api/v1/ateliers/{id}/presence.pdf", Handle: a.attendanceSheet, Heavy: true},
	}
}

// animatedOf gives the atelier of the path to who leads it; codes are on what
// these routes answer.
func (a *API) animatedOf(c *gin.Context) (atelier.Atelier, error) {
	t, animates, err := a.atelierOf(c)
	if err == nil && !animates {
		err = errNoAtelier
	}
	c.Header("Cache-Control", "private, no-store")
	return t, err
}

// animatedIn is animatedOf with where the atelier takes place.
func (a *API) animatedIn(c *gin.Context) (t atelier.Atelier, city *hexmap.City, err error) {
	if t, err = a.animatedOf(c); err == nil {
		city, err = a.Places.City(c.Request.Context(), t.Territoire)
	}
	return t, city, err
}

func (a *API) tableCards(c *gin.Context) error {
	t, city, err := a.animatedIn(c)
	if err != nil {
		return err
	}
	body, err := report.TableCards(a.printed(c, city, t))
	if err != nil {
		return err
	}
	return answerPDF(c, "cartes-tables", t.StartsAt.In(city.Zone), body)
}

// printed is what a printed page says of an atelier.
func (a *API) printed(c *gin.Context, city *hexmap.City, t atelier.Atelier) report.Evening {
	quartier, _ := city.Area(t.Quartier)
	return report.Evening{Atelier: t, Quartier: quartier.Nom, Ville: city.Nom, Zone: city.Zone, BaseURL: a.address(c)}
}

func answerPDF(c *gin.Context, name string, day time.Time, body []byte) error {
	c.Header("Content-Disposition", fmt.Sprintf(`inline; filename="%s-%s.pdf"`, name, day.Format(time.DateOnly)))
	c.Data(http.StatusOK, "application/pdf", body)
	return nil
}

func (a *API) tableMaps(c *gin.Context) error {
	t, city, err := a.animatedIn(c)
	if err != nil {
		return err
	}
	quartier, found := city.Area(t.Quartier)
	if !found {
		return errNoAtelier
	}
	m, err := compterendu.Ground(c.Request.Context(), a.Store, city, quartier.Geom, report.PaperBox(quartier.Geom))
	if err != nil {
		return err
	}
	body, err := report.TableMaps(a.printed(c, city, t), m)
	if err != nil {
		return err
	}
	return answerPDF(c, "plans-tables", t.StartsAt.In(city.Zone), body)
}

func (a *API) attendanceSheet(c *gin.Context) error {
	t, city, err := a.animatedIn(c)
	if err != nil {
		return err
	}
	invited, err := a.Store.Institutions(c.Request.Context(), t.Territoire, t.ID)
	if err != nil {
		return err
	}
	var rows []report.Presence
	for _, i := range invited {
		rows = append(rows, report.Presence{Institution: institutionNames[i.Institution], Expected: i.Expected})
	}
	body, err := report.Attendance(a.printed(c, city, t), rows)
	if err != nil {
		return err
	}
	return answerPDF(c, "presence", t.StartsAt.In(city.Zone), body)
}

func (a *API) tableQR(c *gin.Context) error {
	t, err := a.animatedOf(c)
	if err != nil {
		return err
	}
	numero, _ := strconv.Atoi(c.Param("numero")) // the contract says that it is one
	for _, table := range t.Seats {
		if table.Numero == numero {
			body, err := report.QRCode(report.TableAddress(a.address(c), table.Code))
			if err != nil {
				return err
			}
			c.Data(http.StatusOK, "image/svg+xml", body)
			return nil
		}
	}
	return fault.New(fault.NotFound, "table_inconnue", "Cette table n’existe pas.").At("numero")
}
