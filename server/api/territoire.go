package api

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

func (a *API) territoireRoutes() []Route {
	return []Route{{Method: http.MethodGet, Path: "/api/v1/territoires", Handle: a.territoires}}
}

type wireTerritoire struct {
	Code      string     `json:"code"`
	Nom       string     `json:"nom"`
	Fuseau    string     `json:"fuseau"`
	BBox      [4]float64 `json:"bbox"`
	Demo      bool       `json:"demo"`
	Quartiers int        `json:"quartiers"`
	Dedicated bool       `json:"dedicated"`
}

func (a *API) territoires(c *gin.Context) error {
	all, err := a.Places.Cities(c.Request.Context())
	if err != nil {
		return err
	}
	out := make([]wireTerritoire, 0, len(all))
	for i, t := range all {
		w := wireTerritoire{Code: t.Code, Nom: t.Nom, Fuseau: t.Fuseau, Demo: t.Demo, Quartiers: t.Quartiers,
			BBox:      [4]float64{t.Emprise.Min[0], t.Emprise.Min[1], t.Emprise.Max[0], t.Emprise.Max[1]},
			Dedicated: t.Code == a.Territoire || a.Territoire == "" && i == 0}
		if w.Dedicated {
			out = append([]wireTerritoire{w}, out...)
		} else {
			out = append(out, w)
		}
	}
	return answerTagged(c, mediaJSON, struct {
		Territoires []wireTerritoire `json:"territoires"`
	}{out})
}
