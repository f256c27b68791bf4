package api

import (
	"cmp"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"quietude/server/atelier"
	"quietude/server/auth"
	"quietude/server/fault"
	"quietude/server/hexmap"
	"quietude/server/store"
)

// piloteRoutes let an organisation in to the actions that it pilots.
func (a *API) piloteRoutes() []Route {
	const links = "/api/v1/organisations/{id}/liens"
	return []Route{
		{Method: http.MethodGet, Path: "/api/v1/pilote", Handle: a.pilote},
		{Method: http.MethodGet, Path: links, Handle: a.organisationLinks},
		{Method: http.MethodPost, Path: links, Handle: a.addOrganisationLink},
		{Method: http.MethodDelete, Path: links, Handle: a.revokeOrganisationLinks},
		{Method: http.MethodDelete, Path: links + "/{lien}", Handle: a.revokeOrganisationLinks},
	}
}

// piloted narrows what a Bailleur asks for to what its organisation pilots; an
// account that belongs to none pilots nothing.
func piloted(p auth.Principal, f *store.ActionFilter) (nothing bool) {
	if p.Role != auth.Bailleur {
		return false
	}
	if f.Pilote != uuid.Nil && f.Pilote != p.Organisation {
		return true
	}
	f.Pilote = p.Organisation
	return p.Organisation == uuid.Nil
}

// mayPilot refuses an action that is not the principal's to change: to a
// Bailleur it is as unknown as one that does not exist.
func mayPilot(p auth.Principal, x atelier.Action) error {
	if p.Role == auth.Bailleur && (p.Organisation == uuid.Nil || x.Pilote != p.Organisation) {
		return errNoAction
	}
	return nil
}

// pilote says whose actions are shown.
func (a *API) pilote(c *gin.Context) error {
	city, err := a.territoire(c)
	if err != nil {
		return err
	}
	p := a.principal(c)
	out := gin.H{"territoire": city.Nom, "demo": city.Demo, "fuseau": city.Fuseau}
	if p.Organisation != uuid.Nil {
		o, err := a.organisationOf(c, city, p.Organisation)
		if err != nil {
			return err
		}
		out["organisation"], out["nom"] = o.ID, o.Nom
	}
	c.Header("Cache-Control", "no-store")
	return answer(c, http.StatusOK, mediaJSON, out)
}

var errNoOrganisation = fault.New(fault.NotFound, "organisation_inconnue", "Cette organisation n’existe pas.")

func (a *API) organisationOf(c *gin.Context, city *hexmap.City, id uuid.UUID) (atelier.Organisation, error) {
	all, err := a.Store.Organisations(c.Request.Context(), city.Code)
	if err != nil {
		return atelier.Organisation{}, err
	}
	for _, o := range all {
		if o.ID == id {
			return o, nil
		}
	}
	return atelier.Organisation{}, errNoOrganisation
}

type wireOrganisationLink struct {
	ID        uuid.UUID  `json:"id"`
	Reminder  bool       `json:"reminder"`
	CreatedAt time.Time  `json:"created_at"`
	ExpiresAt time.Time  `json:"expires_at"`
	RevokedAt *time.Time `json:"revoked_at,omitempty"`
	UsedAt    *time.Time `json:"used_at,omitempty"`
}

// organisationInPath is the organisation that the path names.
func (a *API) organisationInPath(c *gin.Context) (*hexmap.City, atelier.Organisation, error) {
	city, err := a.territoire(c)
	if err != nil {
		return nil, atelier.Organisation{}, err
	}
	id, err := pathID(c, "id")
	if err != nil {
		return nil, atelier.Organisation{}, err
	}
	o, err := a.organisationOf(c, city, id)
	return city, o, err
}

func (a *API) organisationLinks(c *gin.Context) error {
	city, o, err := a.organisationInPath(c)
	if err != nil {
		return err
	}
	all, err := a.Store.OrganisationLinks(c.Request.Context(), city.Code, o.ID)
	if err != nil {
		return err
	}
	out := make([]wireOrganisationLink, len(all))
	for i, l := range all {
		out[i] = wireOrganisationLink{l.ID, l.Reminder, l.CreatedAt.UTC(), l.ExpiresAt.UTC(), inUTC(l.RevokedAt), inUTC(l.UsedAt)}
	}
	c.Header("Cache-Control", "no-store")
	return answer(c, http.StatusOK, mediaJSON, gin.H{"liens": out})
}

// addOrganisationLink makes a link, which is shown once. Its secret is 256 bits
// drawn at random and known here by its digest only: unlike a signature, it can
// be ended at any time, alone.
func (a *API) addOrganisationLink(c *gin.Context) error {
	var sent struct {
		Days int `json:"days"`
	}
	if err := bodyOf(c).Decode(&sent); err != nil {
		return err
	}
	city, o, err := a.organisationInPath(c)
	if err != nil {
		return err
	}
	if o.Archived {
		return fault.New(fault.Conflict, "organisation_archivee", "Cette organisation est archivée : elle ne pilote plus d’action.")
	}
	secret := auth.NewOrganisationSecret()
	l := atelier.OrganisationLink{Territoire: city.Code, ID: uuid.New(), Organisation: o.ID, CreatedBy: a.principal(c).Nom,
		ExpiresAt: time.Now().AddDate(0, 0, cmp.Or(sent.Days, atelier.LinkDays))}
	if err := a.Store.AddOrganisationLink(c.Request.Context(), l, auth.Digest(secret)); err != nil {
		return err
	}
	if err := a.ofLink(c, atelier.PilotLinkMade, o, nil); err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	return answer(c, http.StatusCreated, mediaJSON, gin.H{"id": l.ID, "url": auth.OrganisationAddress(a.address(c), secret), "expires_at": l.ExpiresAt.UTC()})
}

func (a *API) revokeOrganisationLinks(c *gin.Context) error {
	city, o, err := a.organisationInPath(c)
	if err != nil {
		return err
	}
	var id uuid.UUID
	details := map[string]string{"liens": "tous"}
	if c.Param("lien") != "" {
		if id, err = pathID(c, "lien"); err != nil {
			return err
		}
		details = nil
	}
	if err := a.Store.RevokeOrganisationLink(c.Request.Context(), city.Code, o.ID, id); err != nil {
		if fault.KindOf(err) == fault.NotFound {
			return fault.New(fault.NotFound, "lien_inconnu", "Ce lien n’existe pas.")
		}
		return err
	}
	a.Auth.Forget(uuid.Nil)
	if err := a.ofLink(c, atelier.PilotLinkEnded, o, details); err != nil {
		return err
	}
	return a.organisationLinks(c)
}

// ofLink writes to the log of access what was done about links of an organisation.
func (a *API) ofLink(c *gin.Context, what atelier.Event, o atelier.Organisation, details map[string]string) error {
	return a.record(c, atelier.Connexion{Evenement: what, Nom: o.Nom}, details, 0)
}
