package api

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/paulmach/orb"

	"quietude/server/atelier"
)

func (a *API) voieRoutes() []Route {
	return []Route{{Method: http.MethodGet, Path: "/api/v1/voies", Handle: a.searchVoies}}
}

type wirePlace struct {
	ID       string    `json:"id"`
	Kind     string    `json:"kind"`
	Nom      string    `json:"nom"`
	Quartier *string   `json:"quartier"`
	TypeBien string    `json:"type_bien,omitempty"`
	Position orb.Point `json:"position"`
}

// searchVoies answers with nothing rather than everything when no letter or
// digit is left of what was typed.
func (a *API) searchVoies(c *gin.Context) error {
	city, err := a.territoire(c)
	if err != nil {
		return err
	}
	out := []wirePlace{}
	if words := strings.Fields(atelier.Fold(c.Query("q"))); len(words) > 0 {
		found, err := a.Store.SearchPlaces(c.Request.Context(), city.Code, words, intQuery(c, "limit", 10))
		if err != nil {
			return err
		}
		for _, p := range found {
			w := wirePlace{ID: p.ID, Kind: p.Kind, Nom: p.Nom, Quartier: p.Quartier, Position: p.Position}
			if p.TypeBien != nil {
				w.TypeBien = *p.TypeBien
			}
			out = append(out, w)
		}
	}
	return answer(c, http.StatusOK, mediaJSON, struct {
		Results []wirePlace `json:"results"`
	}{out})
}
