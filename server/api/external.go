package api

import (
	"errors"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"quietude/server/atelier"
	"quietude/server/auth"
	"quietude/server/fault"
)

// externalRoutes sign people in by the city's identity provider. A person goes
// there and comes back as a browser goes: what fails ends on the page where one
// signs in, with a word that it turns into a sentence.
func (a *API) externalRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Path: "/api/v1/connexion-externe", Handle: a.leaveForProvider},
		{Method: http.MethodGet, Path: auth.ReturnPath, Handle: a.backFromProvider},
	}
}

// Words for the page where one signs in.
const (
	failedInterrupted = "interrompue"
	failedNoCompte    = "sans-compte"
	failedOneFactor   = "facteur"
)

var errNoProvider = fault.New(fault.NotFound, "fournisseur_absent", "La connexion par un fournisseur d’identité n’est pas proposée ici.")

// unmetDemand is what a provider answers that cannot ask for what is demanded (OpenID
// Connect Core Unmet Authentication Requirements 1.0).
const unmetDemand = "unmet_authentication_requirements"

func (a *API) leaveForProvider(c *gin.Context) error {
	if a.External == nil {
		return errNoProvider
	}
	if err := a.mayLeave(c); err != nil {
		return err
	}
	address, attempt, err := a.External.Begin()
	if err != nil {
		return a.signInFailed(c, failedInterrupted, err)
	}
	if back := c.Query("retour"); strings.HasPrefix(back, "/") && len(back) <= 512 {
		attempt.Back = back // the page looks at it again, as at what it was given itself
	}
	secret := auth.NewSecret()
	if err := a.Store.AddAttempt(c.Request.Context(), auth.Digest(secret), attempt); err != nil {
		return err
	}
	a.Auth.KeepAttempt(c.Writer, secret)
	return redirect(c, address)
}

func (a *API) backFromProvider(c *gin.Context) error {
	if a.External == nil {
		return errNoProvider
	}
	ctx := c.Request.Context()
	secret := a.Auth.AttemptOf(c.Request)
	a.Auth.KeepAttempt(c.Writer, "")
	attempt, err := a.Store.TakeAttempt(ctx, auth.Digest(secret))
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return err
	}
	if err != nil || secret == "" {
		return a.signInFailed(c, failedInterrupted, nil)
	}
	who, err := a.External.Finish(ctx, attempt, c.Query("state"), c.Query("code"))
	if errors.Is(err, auth.ErrOneFactor) || err != nil && c.Query("error") == unmetDemand {
		if err := a.strangerRefused(c, "facteur", a.External.Name); err != nil {
			return err
		}
		return a.signInFailed(c, failedOneFactor, nil)
	}
	if err != nil {
		return a.signInFailed(c, failedInterrupted, err)
	}
	compte, err := a.identified(c, who)
	if fault.KindOf(err) == fault.NotFound && err != nil {
		if err := a.strangerRefused(c, unknownAddress, a.External.Name); err != nil {
			return err
		}
		return a.signInFailed(c, failedNoCompte, nil)
	}
	if err != nil {
		return err
	}
	event, err := a.eventOf(c, atelier.SignedIn.About(compte))
	if err != nil {
		return err
	}
	event.Details = map[string]string{"fournisseur": a.External.Name}
	_, err = a.Auth.SignIn(c.Writer, c.Request, auth.Entry{Compte: compte, IDToken: who.IDToken, Event: event})
	a.Auth.KeepAttempt(c.Writer, "")
	if fault.KindOf(err) == fault.Unauthorized && err != nil {
		return a.signInFailed(c, failedInterrupted, err)
	}
	if err != nil {
		return err
	}
	if strings.HasPrefix(attempt.Back, "/") && !strings.HasPrefix(attempt.Back, "//") && !strings.ContainsAny(attempt.Back, "\\\r\n\t") {
		return redirect(c, attempt.Back)
	}
	return redirect(c, auth.Role(compte.Role).Home())
}

var errNoCompte = fault.New(fault.NotFound, "compte_absent", "Aucun compte ouvert ne correspond à cette identité.")

// identified finds the open account of a person whom the provider vouches for: the
// one that is bound to them, or else, the first time, the one of their address,
// which is bound from then on. Nobody gets an account by this.
func (a *API) identified(c *gin.Context, who auth.Identity) (atelier.Compte, error) {
	ctx := c.Request.Context()
	compte, err := a.Store.CompteBySubject(ctx, who.Issuer, who.Subject)
	if err == nil && (compte.Disabled || compte.Demo) {
		return compte, errNoCompte
	}
	if err == nil || fault.KindOf(err) != fault.NotFound || who.Email == "" {
		return compte, err
	}
	compte, err = a.Store.CompteByEmail(ctx, who.Email)
	if err != nil {
		return compte, err
	}
	if compte.Disabled || compte.Demo {
		return compte, errNoCompte
	}
	bound, err := a.Store.BindCompte(ctx, compte, who.Issuer, who.Subject)
	if err == nil && !bound {
		err = errNoCompte // it is somebody else's at the provider
	}
	return compte, err
}

// signInFailed sends the person back to where one signs in. The log says why,
// never who.
func (a *API) signInFailed(c *gin.Context, word string, why error) error {
	if why != nil {
		a.Logger.Warn("connexion externe refusée", "erreur", why)
	}
	return redirect(c, "/connexion?echec="+word)
}

func redirect(c *gin.Context, address string) error {
	c.Header("Cache-Control", "no-store")
	c.Redirect(http.StatusFound, address)
	return nil
}
