package api

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"quietude/server/atelier"
	"quietude/server/fault"
	"quietude/server/report"
)

func (a *API) cardRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Path: "/api/v1/ateliers/{id}/cartes-tables.pdf", Handle: a.tableCards, Heavy: true},
		{Method: http.MethodGet, Path: "/api/v1/ateliers/{id}/qr/{numero}.svg", Handle: a.tableQR},
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

func (a *API) tableCards(c *gin.Context) error {
	t, err := a.animatedOf(c)
	if err != nil {
		return err
	}
	city, err := a.Places.City(c.Request.Context(), t.Territoire)
	if err != nil {
		return err
	}
	quartier, _ := city.Area(t.Quartier)
	body, err := report.TableCards(report.Evening{Atelier: t, Quartier: quartier.Nom, Ville: city.Nom, Zone: city.Zone, BaseURL: a.address(c)})
	if err != nil {
		return err
	}
	c.Header("Content-Disposition", fmt.Sprintf(`inline; filename="cartes-tables-%s.pdf"`, t.StartsAt.In(city.Zone).Format("2006-01-02")))
	c.Data(http.StatusOK, "application/pdf", body)
	return nil
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
