package api

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"quietude/server/atelier"
	"quietude/server/auth"
	"quietude/server/fault"
)

func (a *API) sessionRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Path: "/api/v1/session", Handle: a.showSession},
		{Method: http.MethodPost, Path: "/api/v1/session", Handle: a.signIn},
		{Method: http.MethodDelete, Path: "/api/v1/session", Handle: a.signOut},
	}
}

type wireSession struct {
	Role       auth.Role  `json:"role"`
	Nom        string     `json:"nom,omitempty"`
	Territoire string     `json:"territoire,omitempty"`
	Home       string     `json:"home,omitempty"`
	Pages      []string   `json:"pages,omitempty"`
	ExpiresAt  *time.Time `json:"expires_at,omitempty"`
	// SecondFactorDue says that the account must add a second factor before it
	// opens anything else.
	SecondFactorDue bool `json:"second_factor_due,omitempty"`
	// Externe names the identity provider by which one may sign in.
	Externe string `json:"externe,omitempty"`
}

// sessionOf is what a principal reads about itself.
func sessionOf(p auth.Principal) wireSession {
	w := wireSession{Role: p.Role, Nom: p.Nom, Territoire: p.Territoire, SecondFactorDue: p.SettingUp}
	if p.Role.Sees("Session.home") {
		w.Home, w.Pages = p.Home(), p.Menu()
	}
	return w
}

// showSession says who asks; whoever shows nothing is the public.
func (a *API) showSession(c *gin.Context) error {
	p := a.principal(c)
	w := sessionOf(p)
	if a.External != nil {
		w.Externe = a.External.Name
	}
	c.Header("Cache-Control", "no-store")
	return answer(c, http.StatusOK, mediaJSON, w)
}

var (
	// One sentence for an unknown address, a wrong password and a closed
	// account: none of them is told apart from outside.
	errWrongLogin = fault.New(fault.Unauthorized, "identifiants_refuses",
		"L’adresse ou le mot de passe ne convient pas. Vérifiez-les, ou demandez un nouveau lien à l’administration de votre ville.")
	errCodeWanted = fault.New(fault.Unauthorized, "code_requis",
		"Entrez le code à six chiffres de votre application, ou l’un de vos codes de secours.").At("code")
	errWrongCode = fault.New(fault.Unauthorized, "code_refuse",
		"Ce code ne convient pas, ou a déjà servi. Attendez le suivant, et vérifiez que l’heure de votre téléphone est réglée automatiquement.").At("code")
	errBareLogin = fault.New(fault.Forbidden, "connexion_non_protegee",
		"La connexion au service n’est pas chiffrée : un mot de passe pourrait être lu en chemin. Connectez-vous par l’adresse en https://, ou sur la machine elle-même.")
)

func (a *API) signIn(c *gin.Context) error {
	var sent struct {
		Email    string `json:"email"`
		Password string `json:"password"`
		Code     string `json:"code"`
	}
	if err := bodyOf(c).Decode(&sent); err != nil {
		return err
	}
	if !a.Auth.Protects(c.Request) {
		return errBareLogin
	}
	compte, err := a.authenticate(c, sent.Email, sent.Password)
	if err != nil {
		return err
	}
	if compte.SecondFactor {
		if sent.Code == "" {
			return errCodeWanted
		}
		right, err := a.Auth.CheckSecondFactor(c.Request.Context(), a.Store, compte, sent.Code, a.Now())
		if err != nil {
			return err
		}
		if !right {
			if err := a.happened(c, atelier.SignInRefused, compte, map[string]string{"raison": "code"}); err != nil {
				return err
			}
			return a.logins.failed(c, sent.Email, errWrongCode)
		}
	}
	return a.enter(c, compte)
}

// enter opens the session of an account that has shown who it is.
func (a *API) enter(c *gin.Context, compte atelier.Compte) error {
	event, err := a.eventOf(c, atelier.SignedIn.About(compte))
	if err != nil {
		return err
	}
	until, err := a.Auth.SignIn(c.Writer, c.Request, auth.Entry{Compte: compte, Event: event})
	if err != nil {
		return err
	}
	w := sessionOf(auth.Principal{Role: auth.Role(compte.Role), Nom: compte.Nom, Territoire: compte.Territoire, SettingUp: a.Auth.Imposes(compte)})
	until = until.UTC()
	w.ExpiresAt = &until
	return answer(c, http.StatusOK, mediaJSON, w)
}

// authenticate finds the account that an address and a password open. Every
// failure costs the same time and is answered in the same words.
func (a *API) authenticate(c *gin.Context, email, password string) (atelier.Compte, error) {
	ctx := c.Request.Context()
	compte, err := a.Store.CompteByEmail(ctx, email)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return compte, err
	}
	if err := a.logins.allowed(c, email); err != nil {
		return compte, a.blocked(c, compte, err)
	}
	right, err := auth.Matches(ctx, password, compte.Password)
	if err != nil {
		return compte, err
	}
	if !right || compte.Disabled || compte.Demo && !auth.FromThisMachine(c.Request) {
		if err := a.refusedLogin(c, compte); err != nil {
			return compte, err
		}
		return compte, a.logins.failed(c, email, errWrongLogin)
	}
	return compte, nil
}

// unknownAddress is why somebody is refused who has no account.
const unknownAddress = "inconnu"

// refusedLogin writes down whose account somebody could not enter, and why.
func (a *API) refusedLogin(c *gin.Context, compte atelier.Compte) error {
	switch {
	case compte.ID == uuid.Nil:
		return a.strangerRefused(c, unknownAddress, "")
	case compte.Disabled:
		return a.happened(c, atelier.SignInRefused, compte, map[string]string{"raison": "ferme"})
	}
	return a.happened(c, atelier.SignInRefused, compte, map[string]string{"raison": "mot_de_passe"})
}

// blocked writes that an account is guarded against too many tries from one
// address, and gives the refusal back.
func (a *API) blocked(c *gin.Context, compte atelier.Compte, refusal error) (err error) {
	switch {
	case fault.KindOf(refusal) != fault.TooMany:
	case compte.ID == uuid.Nil:
		err = a.strangerRefused(c, unknownAddress, "")
	default:
		err = a.record(c, atelier.TooManyTries.About(compte), nil, sameEvent)
	}
	if err != nil {
		return err
	}
	return refusal
}

func (a *API) signOut(c *gin.Context) error {
	if p := a.principal(c); p.Person() {
		who := atelier.Compte{Territoire: p.Territoire, ID: p.Compte, Nom: p.Nom, Role: string(p.Role)}
		if err := a.happened(c, atelier.SignedOut, who, nil); err != nil {
			return err
		}
	}
	hint, err := a.Auth.IDToken(c.Request)
	if err != nil {
		return err
	}
	if err := a.Auth.SignOut(c.Writer, c.Request); err != nil {
		return err
	}
	// What this browser was shown is not for whoever sits down next.
	c.Header("Clear-Site-Data", `"cache"`)
	if a.External != nil && hint != "" {
		if next := a.External.LogoutURL(hint); next != "" {
			return answer(c, http.StatusOK, mediaJSON, gin.H{"suite": next})
		}
	}
	c.Status(http.StatusNoContent)
	return nil
}
