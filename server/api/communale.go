package api

import (
	"time"

	"github.com/gin-gonic/gin"

	"quietude/server/store"
)

// wireYear is one recorded figure. Diffuse false: the source withholds it, which
// is neither zero nor small.
type wireYear struct {
	Year    int      `json:"year"`
	Diffuse bool     `json:"diffuse"`
	N       *int     `json:"n"`
	Rate    *float64 `json:"rate"`
}

type wireIndicator struct {
	Indicator string     `json:"indicator"`
	Unit      string     `json:"unit"`
	Years     []wireYear `json:"years"`
}

type wireRecorded struct {
	Commune    string          `json:"commune"`
	Sources    []string        `json:"sources"`
	ImportedOn string          `json:"imported_on,omitempty"`
	Indicators []wireIndicator `json:"indicators"`
}

func (a *API) statistiqueCommunales(c *gin.Context) error {
	city, err := a.territoire(c)
	if err != nil {
		return err
	}
	figures, err := a.Store.Communales(c.Request.Context(), city.Code)
	if err != nil {
		return err
	}
	return answerFigure(c, recordedFigure{question{city: city, now: a.Now()}, recordedOf(city.Nom, figures)})
}

// recordedOf groups figures, which come by indicator, unit and year.
func recordedOf(commune string, figures []store.ListedCommunale) wireRecorded {
	out := wireRecorded{Commune: commune, Sources: []string{}, Indicators: []wireIndicator{}}
	var latest time.Time
	named := map[string]bool{}
	for _, f := range figures {
		last := len(out.Indicators) - 1
		if last < 0 || out.Indicators[last].Indicator != f.Indicateur || out.Indicators[last].Unit != f.Unite {
			out.Indicators = append(out.Indicators, wireIndicator{Indicator: f.Indicateur, Unit: f.Unite})
			last++
		}
		one := &out.Indicators[last]
		one.Years = append(one.Years, wireYear{f.Annee, f.Diffuse, f.Nombre, f.Taux})
		if !named[f.Source] {
			named[f.Source] = true
			out.Sources = append(out.Sources, f.Source)
		}
		if f.ImportedAt.After(latest) {
			latest = f.ImportedAt
			out.ImportedOn = latest.Format(time.DateOnly)
		}
	}
	return out
}
