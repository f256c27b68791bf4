package api

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/paulmach/orb/geojson"
)

func (a *API) quartierRoutes() []Route {
	return []Route{{Method: http.MethodGet, Path: "/api/v1/quartiers", Handle: a.quartiers}}
}

// feature is a GeoJSON Feature whose properties are a type.
type feature[P any] struct {
	Type       string            `json:"type"`
	ID         string            `json:"id"`
	BBox       *[4]float64       `json:"bbox,omitempty"`
	Geometry   *geojson.Geometry `json:"geometry"`
	Properties P                 `json:"properties"`
}

// collection is a GeoJSON FeatureCollection.
type collection[P any] struct {
	Type     string       `json:"type"`
	Features []feature[P] `json:"features"`
	Next     string       `json:"next,omitempty"`
}

type quartierProperties struct {
	Code       string `json:"code"`
	Nom        string `json:"nom"`
	NomCourt   string `json:"nom_court"`
	Territoire string `json:"territoire"`
}

func (a *API) quartiers(c *gin.Context) error {
	city, err := a.territoire(c)
	if err != nil {
		return err
	}
	out := collection[quartierProperties]{Type: "FeatureCollection", Features: []feature[quartierProperties]{}}
	for _, q := range city.Areas {
		box := q.Geom.Bound()
		out.Features = append(out.Features, feature[quartierProperties]{
			Type: "Feature", ID: q.Code, BBox: &[4]float64{box.Min[0], box.Min[1], box.Max[0], box.Max[1]},
			Geometry:   geojson.NewGeometry(q.Geom),
			Properties: quartierProperties{Code: q.Code, Nom: q.Nom, NomCourt: q.NomCourt, Territoire: city.Code}})
	}
	return answerTagged(c, mediaGeoJSON, out)
}
