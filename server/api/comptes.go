package api

import (
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"quietude/server/atelier"
	"quietude/server/auth"
	"quietude/server/fault"
)

// comptesRoutes are what the administrators of a territoire do about its
// accounts and tokens.
func (a *API) comptesRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Path: "/api/v1/comptes", Handle: a.comptes},
		{Method: http.MethodPost, Path: "/api/v1/comptes", Handle: a.inviteCompte},
		{Method: http.MethodPost, Path: "/api/v1/comptes/{id}/lien", Handle: a.renewLink},
		{Method: http.MethodPut, Path: "/api/v1/comptes/{id}/etat", Handle: a.setCompteState},
		{Method: http.MethodPut, Path: "/api/v1/comptes/{id}/role", Handle: a.setRole},
		{Method: http.MethodPut, Path: "/api/v1/comptes/{id}/organisation", Handle: a.setOrganisation},
		{Method: http.MethodDelete, Path: "/api/v1/comptes/{id}/second-facteur", Handle: a.dropSecondFactor},
		{Method: http.MethodGet, Path: "/api/v1/jetons", Handle: a.machines},
		{Method: http.MethodPost, Path: "/api/v1/jetons", Handle: a.addMachine},
		{Method: http.MethodDelete, Path: "/api/v1/jetons/{id}", Handle: a.revokeMachine},
	}
}

// inviteLife is how long a link works, by the clock that the database compares
// with.
const inviteLife = 7 * 24 * time.Hour

type wireCompte struct {
	ID           uuid.UUID  `json:"id"`
	Email        string     `json:"email"`
	Nom          string     `json:"nom"`
	Role         string     `json:"role"`
	Open         bool       `json:"open"`
	Waiting      bool       `json:"waiting"`
	SecondFactor bool       `json:"second_factor"`
	Demo         bool       `json:"demo"`
	Self         bool       `json:"self"`
	SignedInAt   *time.Time `json:"signed_in_at"`
	// Organisation is whom the person answers for.
	Organisation *wireOwner `json:"organisation"`
}

// wireOwner is an organisation as it stands beside an account.
type wireOwner struct {
	ID  uuid.UUID `json:"id"`
	Nom string    `json:"nom"`
}

func ownerOf(one atelier.Compte) *wireOwner {
	if one.Organisation == uuid.Nil {
		return nil
	}
	return &wireOwner{one.Organisation, one.OrganisationNom}
}

func (a *API) wireCompte(c *gin.Context, one atelier.Compte) wireCompte {
	return wireCompte{ID: one.ID, Email: one.Email, Nom: one.Nom, Role: one.Role, Open: !one.Disabled, Waiting: one.Password == "",
		SecondFactor: one.SecondFactor, Demo: one.Demo, Self: one.ID == a.principal(c).Compte, SignedInAt: inUTC(one.SignedInAt), Organisation: ownerOf(one)}
}

func (a *API) comptes(c *gin.Context) error {
	all, err := a.Store.Comptes(c.Request.Context(), a.principal(c).Territoire)
	if err != nil {
		return err
	}
	out := make([]wireCompte, len(all))
	for i, one := range all {
		out[i] = a.wireCompte(c, one)
	}
	c.Header("Cache-Control", "no-store")
	return answer(c, http.StatusOK, mediaJSON, gin.H{"comptes": out})
}

// link is the address of a secret. Behind the # it stays in the browser: no
// server or proxy writes it down.
func (a *API) link(c *gin.Context, secret string) string {
	return a.address(c) + "/acces#" + secret
}

func (a *API) inviteCompte(c *gin.Context) error {
	var sent struct {
		Email, Nom, Role string
		Organisation     uuid.UUID
	}
	if err := bodyOf(c).Decode(&sent); err != nil {
		return err
	}
	p := a.principal(c)
	compte, err := atelier.NewAccount(p.Territoire, sent.Email, sent.Nom, sent.Role)
	if err != nil {
		return err
	}
	compte.Organisation = sent.Organisation
	secret, until := auth.NewSecret(), time.Now().Add(inviteLife)
	made, err := a.Store.AddInvited(c.Request.Context(), compte, auth.Digest(secret), until, p.Compte)
	if err != nil {
		return err
	}
	if err := a.happened(c, atelier.AccountAdded, made, nil); err != nil {
		return err
	}
	return a.answerLink(c, http.StatusCreated, made, secret, until)
}

func (a *API) answerLink(c *gin.Context, status int, compte atelier.Compte, secret string, until time.Time) error {
	c.Header("Cache-Control", "no-store")
	return answer(c, status, mediaJSON, gin.H{"compte": a.wireCompte(c, compte), "lien": a.link(c, secret), "expires_at": until.UTC()})
}

// compteOf is the account that the path names, of the administrator's own
// territoire.
func (a *API) compteOf(c *gin.Context) (atelier.Compte, error) {
	id, err := pathID(c, "id")
	if err != nil {
		return atelier.Compte{}, err
	}
	compte, err := a.Store.Compte(c.Request.Context(), a.principal(c).Territoire, id)
	if fault.KindOf(err) == fault.NotFound {
		err = fault.New(fault.NotFound, "compte_inconnu", "Ce compte n’existe pas.")
	}
	return compte, err
}

func (a *API) renewLink(c *gin.Context) error {
	compte, err := a.compteOf(c)
	if err != nil {
		return err
	}
	secret, until := auth.NewSecret(), time.Now().Add(inviteLife)
	kind := atelier.NewPassword
	if compte.Password == "" {
		kind = atelier.NewCompte
	}
	if err := a.Store.Link(c.Request.Context(), atelier.Invitation{Territoire: compte.Territoire, Kind: kind, Compte: compte.ID,
		ExpiresAt: until}, auth.Digest(secret), a.principal(c).Compte); err != nil {
		return err
	}
	if err := a.happened(c, atelier.LinkMade, compte, nil); err != nil {
		return err
	}
	return a.answerLink(c, http.StatusOK, compte, secret, until)
}

func (a *API) setCompteState(c *gin.Context) error {
	compte, err := a.compteOf(c)
	if err != nil {
		return err
	}
	var sent struct{ Open bool }
	if err := bodyOf(c).Decode(&sent); err != nil {
		return err
	}
	if !sent.Open && compte.ID == a.principal(c).Compte {
		return fault.New(fault.Conflict, "compte_propre", "On ne ferme pas son propre compte : demandez-le à une autre personne de l’administration.")
	}
	what := atelier.AccountClosed
	if sent.Open {
		what = atelier.AccountOpened
	}
	event, err := a.eventOf(c, what.About(compte))
	if err != nil {
		return err
	}
	if err := a.Store.DisableCompte(c.Request.Context(), compte, !sent.Open, event); err != nil {
		return err
	}
	a.Auth.Forget(compte.ID)
	compte.Disabled = !sent.Open
	c.Header("Cache-Control", "no-store")
	return answer(c, http.StatusOK, mediaJSON, a.wireCompte(c, compte))
}

// setRole gives an account another role; its sessions end.
func (a *API) setRole(c *gin.Context) error {
	compte, err := a.compteOf(c)
	if err != nil {
		return err
	}
	var sent struct{ Role string }
	if err := bodyOf(c).Decode(&sent); err != nil {
		return err
	}
	if compte.ID == a.principal(c).Compte {
		return fault.New(fault.Conflict, "compte_propre", "On ne change pas son propre rôle : demandez-le à une autre personne de l’administration.")
	}
	event, err := a.eventOf(c, atelier.RoleChanged.About(compte))
	if err != nil {
		return err
	}
	if err := a.Store.SetRole(c.Request.Context(), compte, sent.Role, event); err != nil {
		return err
	}
	a.Auth.Forget(compte.ID)
	compte.Role = sent.Role
	c.Header("Cache-Control", "no-store")
	return answer(c, http.StatusOK, mediaJSON, a.wireCompte(c, compte))
}

// setOrganisation says whom an account answers for, from now on.
func (a *API) setOrganisation(c *gin.Context) error {
	compte, err := a.compteOf(c)
	if err != nil {
		return err
	}
	var sent struct{ Organisation *uuid.UUID }
	if err := bodyOf(c).Decode(&sent); err != nil {
		return err
	}
	compte.Organisation = uuid.Nil
	if sent.Organisation != nil {
		compte.Organisation = *sent.Organisation
	}
	if err := a.Store.SetOrganisation(c.Request.Context(), compte); err != nil {
		return err
	}
	a.Auth.Forget(compte.ID)
	if compte, err = a.compteOf(c); err != nil {
		return err
	}
	if err := a.happened(c, atelier.OwnerChanged, compte, map[string]string{"organisation": compte.OrganisationNom}); err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	return answer(c, http.StatusOK, mediaJSON, a.wireCompte(c, compte))
}

func (a *API) dropSecondFactor(c *gin.Context) error {
	compte, err := a.compteOf(c)
	if err != nil {
		return err
	}
	event, err := a.eventOf(c, atelier.FactorRemoved.About(compte))
	if err != nil {
		return err
	}
	if err := a.Store.EndSecondFactor(c.Request.Context(), compte, "", event); err != nil {
		return err
	}
	a.Auth.Forget(compte.ID)
	c.Status(http.StatusNoContent)
	return nil
}

type wireMachine struct {
	ID        uuid.UUID  `json:"id"`
	Label     string     `json:"label"`
	Role      string     `json:"role"`
	Scopes    []string   `json:"scopes"`
	CreatedAt time.Time  `json:"created_at"`
	ExpiresAt *time.Time `json:"expires_at"`
	UsedAt    *time.Time `json:"used_at"`
}

func (a *API) machines(c *gin.Context) error {
	all, err := a.Store.Machines(c.Request.Context(), a.principal(c).Territoire)
	if err != nil {
		return err
	}
	out := make([]wireMachine, len(all))
	for i, m := range all {
		out[i] = wireMachine{m.ID, m.Label, m.Role, m.Scopes, m.CreatedAt.UTC(), inUTC(m.ExpiresAt), inUTC(m.UsedAt)}
	}
	c.Header("Cache-Control", "no-store")
	return answer(c, http.StatusOK, mediaJSON, gin.H{"jetons": out})
}

// addMachine makes a token for a machine: it reads what its scopes say with the
// rights of an analyste, and writes nothing. It is shown once.
func (a *API) addMachine(c *gin.Context) error {
	var sent struct {
		Label  string
		Scopes []string
		Days   int
	}
	if err := bodyOf(c).Decode(&sent); err != nil {
		return err
	}
	p := a.principal(c)
	secret, until := "qm1_"+auth.NewSecret(), time.Now().AddDate(0, 0, sent.Days)
	id, err := a.Store.AddMachine(c.Request.Context(), atelier.Jeton{Territoire: p.Territoire, Role: string(auth.Analyste),
		Label: strings.TrimSpace(sent.Label), Scopes: sent.Scopes}, auth.Digest(secret), until, p.Compte)
	if err != nil {
		return err
	}
	if err := a.ofToken(c, atelier.TokenMade, strings.TrimSpace(sent.Label)); err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	return answer(c, http.StatusCreated, mediaJSON, gin.H{"id": id, "jeton": secret, "expires_at": until.UTC()})
}

func (a *API) revokeMachine(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	label, err := a.Store.RevokeMachine(c.Request.Context(), a.principal(c).Territoire, id)
	if fault.KindOf(err) == fault.NotFound {
		return fault.New(fault.NotFound, "jeton_inconnu", "Ce jeton n’existe pas.")
	}
	if err != nil {
		return err
	}
	a.Auth.Forget(uuid.Nil) // before what may fail: asking again finds nothing to revoke
	if err := a.ofToken(c, atelier.TokenRevoked, label); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}
