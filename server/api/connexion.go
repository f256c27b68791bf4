package api

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"quietude/server/atelier"
	"quietude/server/auth"
)

// connexionRoutes let the data protection officer and the administration read who
// came in, who did not, and what changed about accounts and tokens.
func (a *API) connexionRoutes() []Route {
	return []Route{{Method: http.MethodGet, Path: "/api/v1/connexions", Handle: a.connexions}}
}

// sameEvent is how long what goes on by itself (a page that asks again, somebody
// who tries on) leaves one line.
const sameEvent = 10 * time.Minute

// happened writes a line of the log of access about an account, done by whoever
// asks.
func (a *API) happened(c *gin.Context, what atelier.Event, compte atelier.Compte, details map[string]string) error {
	return a.record(c, what.About(compte), details, 0)
}

// strangerRefused counts that somebody tried to come in whom no account knows: not a
// line for each, or whoever goes on trying would fill a log that only grows.
func (a *API) strangerRefused(c *gin.Context, why, provider string) error {
	e, err := a.eventOf(c, atelier.Connexion{})
	if err != nil || e.Territoire == "" {
		return err
	}
	return a.Store.CountStranger(c.Request.Context(), atelier.Stranger{Territoire: e.Territoire, Raison: why, Fournisseur: provider, Origine: e.Origine})
}

// ofToken is happened for the token of a machine.
func (a *API) ofToken(c *gin.Context, what atelier.Event, label string) error {
	return a.record(c, atelier.Connexion{Evenement: what, Nom: label}, nil, 0)
}

// record adds a line to the log of access, completed with who did it; the same one
// again within quiet adds none.
func (a *API) record(c *gin.Context, e atelier.Connexion, details map[string]string, quiet time.Duration) error {
	e, err := a.eventOf(c, e)
	if err != nil || e.Territoire == "" {
		return err
	}
	e.Details = details
	return a.Store.AddConnexion(c.Request.Context(), e, quiet)
}

// eventOf completes an event with who did it, from where, and in which city: the
// public belongs to none, so that what it tries is written in the default one.
func (a *API) eventOf(c *gin.Context, e atelier.Connexion) (atelier.Connexion, error) {
	p := a.principal(c)
	if p.Person() && p.Compte != e.Compte {
		e.Par, e.ParNom = p.Compte, p.Nom
	}
	if e.Territoire == "" {
		e.Territoire = p.Territoire
	}
	if e.Territoire == "" {
		all, err := a.Places.Cities(c.Request.Context())
		if err != nil {
			return e, err
		}
		for i, city := range all {
			if i == 0 || city.Code == a.Territoire {
				e.Territoire = city.Code
			}
		}
	}
	var err error
	e.Origine, err = a.origins.of(c.Request.Context(), network(c))
	e.Appareil = auth.Appareil(c.Request.UserAgent())
	return e, err
}

// refusedEntry writes that a principal asked for what its role does not have.
// Residents have no account, and nobody is named.
func (a *API) refusedEntry(c *gin.Context, route string) error {
	p := a.principal(c)
	if p.Role == auth.Public || p.Role == auth.Habitant {
		return nil
	}
	return a.record(c, atelier.Connexion{Territoire: p.Territoire, Evenement: atelier.AccessRefused, Compte: p.Compte, Nom: p.Nom, Role: string(p.Role)},
		map[string]string{"route": route}, sameEvent)
}

type wireConnexion struct {
	ID        uuid.UUID         `json:"id"`
	At        time.Time         `json:"at"`
	Evenement atelier.Event     `json:"evenement"`
	Nom       string            `json:"nom"`
	Role      string            `json:"role,omitempty"`
	Par       string            `json:"par,omitempty"`
	Origine   string            `json:"origine,omitempty"`
	Appareil  string            `json:"appareil,omitempty"`
	Details   map[string]string `json:"details"`
}

func (a *API) connexions(c *gin.Context) error {
	city, err := a.territoire(c)
	if err != nil {
		return err
	}
	from, to, err := readPeriod(c.Query("from"), c.Query("to"), city.Zone, a.Now())
	if err != nil {
		return err
	}
	if to.IsZero() {
		to = time.Now().Add(time.Hour) // the database's clock writes the lines
	}
	found, err := a.Store.Connexions(c.Request.Context(), city.Code, atelier.Event(c.Query("evenement")), from, to, intQuery(c, "limit", 200))
	if err != nil {
		return err
	}
	out := make([]wireConnexion, len(found))
	for i, e := range found {
		origin := e.Origine
		if len(origin) > 8 {
			origin = origin[:8] // enough to tell two apart
		}
		out[i] = wireConnexion{e.ID, e.At.UTC(), e.Evenement, e.Nom, e.Role, e.ParNom, origin, e.Appareil, e.Details}
	}
	c.Header("Cache-Control", "no-store")
	return answer(c, http.StatusOK, mediaJSON, gin.H{"connexions": out})
}
