package api

import (
	"encoding/base64"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"quietude/server/atelier"
	"quietude/server/auth"
	"quietude/server/fault"
	"quietude/server/report"
)

// compteRoutes are what a person does about their own account, and the links
// that give one.
func (a *API) compteRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Path: "/api/v1/compte", Handle: a.own(a.showCompte)},
		{Method: http.MethodPut, Path: "/api/v1/compte/mot-de-passe", Handle: a.own(a.changePassword)},
		{Method: http.MethodPost, Path: "/api/v1/compte/sessions/fin", Handle: a.own(a.endOwnSessions)},
		{Method: http.MethodPost, Path: "/api/v1/compte/second-facteur", Handle: a.own(a.beginSecondFactor)},
		{Method: http.MethodPut, Path: "/api/v1/compte/second-facteur", Handle: a.own(a.confirmSecondFactor)},
		{Method: http.MethodPost, Path: "/api/v1/compte/second-facteur/secours", Handle: a.own(a.renewRecovery)},
		{Method: http.MethodPost, Path: "/api/v1/compte/second-facteur/retrait", Handle: a.own(a.endSecondFactor)},
		{Method: http.MethodPost, Path: "/api/v1/liens/lecture", Handle: a.readLink},
		{Method: http.MethodPost, Path: "/api/v1/liens/acceptation", Handle: a.acceptLink},
	}
}

var errForPersons = fault.New(fault.Forbidden, "reserve_personne", "Un jeton ne fait pas cela : connectez-vous avec votre compte.")

// own gives a handler the account of the person who asks.
func (a *API) own(handle func(*gin.Context, atelier.Compte) error) func(*gin.Context) error {
	return func(c *gin.Context) error {
		p := a.principal(c)
		if !p.Person() {
			return errForPersons
		}
		compte, err := a.Store.Compte(c.Request.Context(), p.Territoire, p.Compte)
		if err != nil {
			return err
		}
		c.Header("Cache-Control", "no-store")
		return handle(c, compte)
	}
}

type wireOwnSession struct {
	ID        string    `json:"id"`
	Appareil  string    `json:"appareil"`
	CreatedAt time.Time `json:"created_at"`
	SeenAt    time.Time `json:"seen_at"`
	Current   bool      `json:"current"`
}

func (a *API) showCompte(c *gin.Context, compte atelier.Compte) error {
	found, err := a.Store.Sessions(c.Request.Context(), compte)
	if err != nil {
		return err
	}
	sessions := make([]wireOwnSession, len(found))
	for i, s := range found {
		sessions[i] = wireOwnSession{ID: s.Digest, Appareil: s.Appareil, CreatedAt: s.CreatedAt.UTC(), SeenAt: s.SeenAt.UTC(),
			Current: s.Digest == a.principal(c).Session}
	}
	return answer(c, http.StatusOK, mediaJSON, gin.H{"email": compte.Email, "nom": compte.Nom, "role": compte.Role,
		"password": compte.Password != "", "second_factor": compte.SecondFactor, "sessions": sessions, "organisation": ownerOf(compte)})
}

// endOwnSessions ends one session of a person, or all others than this one. Whoever
// finds a browser open must not be able to put its person out elsewhere.
func (a *API) endOwnSessions(c *gin.Context, compte atelier.Compte) error {
	var sent struct {
		Current string `json:"current"`
		Session string `json:"session"`
	}
	if err := bodyOf(c).Decode(&sent); err != nil {
		return err
	}
	if err := a.confirmed(c, compte, sent.Current); err != nil {
		return err
	}
	event, err := a.eventOf(c, atelier.SessionsEnded.About(compte))
	if err != nil {
		return err
	}
	if sent.Session == "" {
		err = a.Store.EndSessions(c.Request.Context(), compte, a.principal(c).Session, event)
	} else {
		err = a.Store.EndOwnSession(c.Request.Context(), compte, sent.Session, event)
	}
	if err != nil {
		return err
	}
	a.Auth.Forget(compte.ID)
	c.Status(http.StatusNoContent)
	return nil
}

// confirmed asks for the password again before something that opens or closes
// doors; failures count like those of signing in. Whoever has none came by an
// identity provider, which alone could ask again.
func (a *API) confirmed(c *gin.Context, compte atelier.Compte, password string) error {
	if compte.Password == "" {
		return nil
	}
	if err := a.logins.allowed(c, compte.Email); err != nil {
		return a.blocked(c, compte, err)
	}
	right, err := auth.Matches(c.Request.Context(), password, compte.Password)
	if err == nil && !right {
		err = a.logins.failed(c, compte.Email, fault.New(fault.Unprocessable, "mot_de_passe_faux", "Ce n’est pas votre mot de passe actuel.").At("current"))
	}
	return err
}

func (a *API) changePassword(c *gin.Context, compte atelier.Compte) error {
	var sent struct {
		Current  string `json:"current"`
		Password string `json:"password"`
	}
	if err := bodyOf(c).Decode(&sent); err != nil {
		return err
	}
	if compte.Password == "" {
		return errPasswordElsewhere
	}
	if err := a.confirmed(c, compte, sent.Current); err != nil {
		return err
	}
	if err := auth.CheckPassword(sent.Password, compte.Email, compte.Nom); err != nil {
		return err
	}
	ctx := c.Request.Context()
	hash, err := auth.Hash(ctx, sent.Password)
	if err != nil {
		return err
	}
	event, err := a.eventOf(c, atelier.PasswordChanged.About(compte))
	if err != nil {
		return err
	}
	// Whoever knew the old one is out, and this browser has a new session.
	if err := a.Store.SetPassword(ctx, compte, hash, event); err != nil {
		return err
	}
	a.Auth.Forget(compte.ID)
	compte.Password = hash
	if _, err := a.Auth.SignIn(c.Writer, c.Request, auth.Entry{Compte: compte}); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}

var errSecondFactorThere = fault.New(fault.Conflict, "second_facteur_present", "Votre compte a déjà un second facteur. Retirez-le d’abord.")

// errNoPassword keeps whoever signs in elsewhere from a factor that nobody would
// ever ask for.
var errNoPassword = fault.New(fault.Conflict, "sans_mot_de_passe", "Vous vous connectez par un fournisseur d’identité : c’est lui qui demande vos facteurs. Un second facteur d’ici ne servirait qu’avec un mot de passe.")

// errPasswordElsewhere keeps a session found open from a way in of its own, past
// the identity provider: nothing here could ask who changes it.
var errPasswordElsewhere = fault.New(fault.Conflict, "mot_de_passe_ailleurs", "Vous vous connectez par un fournisseur d’identité, sans mot de passe d’ici. Pour en avoir un, demandez un lien à l’administration.")

func (a *API) beginSecondFactor(c *gin.Context, compte atelier.Compte) error {
	var sent struct {
		Current string `json:"current"`
	}
	if err := bodyOf(c).Decode(&sent); err != nil {
		return err
	}
	if compte.Password == "" {
		return errNoPassword
	}
	if err := a.confirmed(c, compte, sent.Current); err != nil {
		return err
	}
	text, address := auth.NewSecondFactor(compte.Email)
	sealed, err := a.Auth.Seal([]byte(text), compte.ID.String())
	if err != nil {
		return err
	}
	ok, err := a.Store.BeginSecondFactor(c.Request.Context(), compte, sealed)
	if err != nil {
		return err
	}
	if !ok {
		return errSecondFactorThere
	}
	picture, err := report.QRCode(address)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, mediaJSON, gin.H{"secret": text,
		"qr": "data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(picture)})
}

func (a *API) confirmSecondFactor(c *gin.Context, compte atelier.Compte) error {
	var sent struct {
		Code string `json:"code"`
	}
	if err := bodyOf(c).Decode(&sent); err != nil {
		return err
	}
	if compte.SecondFactor {
		return errSecondFactorThere
	}
	ctx := c.Request.Context()
	event, err := a.eventOf(c, atelier.FactorAdded.About(compte))
	if err != nil {
		return err
	}
	idToken, err := a.Auth.IDToken(c.Request)
	if err != nil {
		return err
	}
	f, err := a.Store.SecondFactor(ctx, compte)
	if err != nil {
		return err
	}
	codes, digests := auth.NewRecovery()
	if err := a.guarded(c, compte, func() (bool, error) {
		step, right, err := a.Auth.StepOf(f, compte, sent.Code, a.Now())
		if err != nil || !right {
			return false, err
		}
		return a.Store.ConfirmSecondFactor(ctx, compte, f.Secret, step, digests, event)
	}); err != nil {
		return err
	}
	a.Auth.Forget(compte.ID)
	// No session that has shown a password alone becomes what one with both is: this
	// browser too goes on under a new name, which whoever knew the old one does not have.
	compte.SecondFactor = true
	if _, err := a.Auth.SignIn(c.Writer, c.Request, auth.Entry{Compte: compte, IDToken: idToken}); err != nil {
		return err
	}
	return answer(c, http.StatusOK, mediaJSON, gin.H{"recovery": codes})
}

// renewRecovery replaces the recovery codes.
func (a *API) renewRecovery(c *gin.Context, compte atelier.Compte) error {
	if err := a.twiceConfirmed(c, compte); err != nil {
		return err
	}
	if err := a.happened(c, atelier.RecoveryRenewed, compte, nil); err != nil {
		return err
	}
	codes, digests := auth.NewRecovery()
	if err := a.Store.ReplaceRecovery(c.Request.Context(), compte, digests); err != nil {
		return err
	}
	return answer(c, http.StatusOK, mediaJSON, gin.H{"recovery": codes})
}

func (a *API) endSecondFactor(c *gin.Context, compte atelier.Compte) error {
	if err := a.twiceConfirmed(c, compte); err != nil {
		return err
	}
	event, err := a.eventOf(c, atelier.FactorRemoved.About(compte))
	if err != nil {
		return err
	}
	if err := a.Store.EndSecondFactor(c.Request.Context(), compte, a.principal(c).Session, event); err != nil {
		return err
	}
	a.Auth.Forget(compte.ID)
	c.Status(http.StatusNoContent)
	return nil
}

// twiceConfirmed asks for the password and a code before something about the
// second factor itself.
func (a *API) twiceConfirmed(c *gin.Context, compte atelier.Compte) error {
	var sent struct {
		Current string `json:"current"`
		Code    string `json:"code"`
	}
	if err := bodyOf(c).Decode(&sent); err != nil {
		return err
	}
	if !compte.SecondFactor {
		return fault.New(fault.Conflict, "second_facteur_absent", "Votre compte n’a pas de second facteur.")
	}
	if err := a.confirmed(c, compte, sent.Current); err != nil {
		return err
	}
	return a.checkCode(c, compte, sent.Code)
}

// checkCode wants a code that has not been used.
func (a *API) checkCode(c *gin.Context, compte atelier.Compte, code string) error {
	return a.guarded(c, compte, func() (bool, error) {
		return a.Auth.CheckSecondFactor(c.Request.Context(), a.Store, compte, code, a.Now())
	})
}

// guarded counts wrong codes.
func (a *API) guarded(c *gin.Context, compte atelier.Compte, check func() (bool, error)) error {
	if err := a.logins.allowed(c, compte.Email); err != nil {
		return a.blocked(c, compte, err)
	}
	right, err := check()
	if err == nil && !right {
		err = a.logins.failed(c, compte.Email, fault.New(fault.Unprocessable, "code_refuse", errWrongCode.Detail).At("code"))
	}
	return err
}

var errNoLink = fault.New(fault.NotFound, "lien_inconnu",
	"Ce lien n’est plus valable : il a servi, ou son délai est passé. Demandez-en un nouveau à l’administration du service.")

// linkOf finds the link whose secret was sent. The secret has 256 bits:
// nobody guesses one.
func (a *API) linkOf(c *gin.Context, secret string) (atelier.Invitation, error) {
	i, err := a.Store.Invitation(c.Request.Context(), auth.Digest(secret))
	if fault.KindOf(err) == fault.NotFound {
		err = errNoLink
	}
	return i, err
}

func (a *API) readLink(c *gin.Context) error {
	var sent struct {
		Secret string `json:"secret"`
	}
	if err := bodyOf(c).Decode(&sent); err != nil {
		return err
	}
	i, err := a.linkOf(c, sent.Secret)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	return answer(c, http.StatusOK, mediaJSON, gin.H{"kind": i.Kind, "email": i.Email, "nom": i.Nom, "role": i.Role, "expires_at": i.ExpiresAt.UTC()})
}

func (a *API) acceptLink(c *gin.Context) error {
	var sent struct {
		Secret   string `json:"secret"`
		Password string `json:"password"`
		Email    string `json:"email"`
		Nom      string `json:"nom"`
	}
	if err := bodyOf(c).Decode(&sent); err != nil {
		return err
	}
	if !a.Auth.Protects(c.Request) {
		return errBareLogin
	}
	i, err := a.linkOf(c, sent.Secret)
	if err != nil {
		return err
	}
	compte := atelier.Compte{Email: i.Email, Nom: i.Nom}
	if i.Kind == atelier.FirstAdmin {
		if compte, err = atelier.NewAccount(i.Territoire, sent.Email, sent.Nom, string(auth.Admin)); err != nil {
			return err
		}
	}
	if err := auth.CheckPassword(sent.Password, compte.Email, compte.Nom); err != nil {
		return err
	}
	ctx := c.Request.Context()
	if compte.Password, err = auth.Hash(ctx, sent.Password); err != nil {
		return err
	}
	made, err := a.Store.UseInvitation(ctx, i, auth.Digest(sent.Secret), compte)
	if fault.KindOf(err) == fault.NotFound {
		err = errNoLink
	}
	if err != nil {
		return err
	}
	if err := a.happened(c, atelier.LinkUsed, made, nil); err != nil {
		return err
	}
	a.Auth.Forget(made.ID)
	if made.SecondFactor { // the link replaces the password, not the second factor
		c.Header("Cache-Control", "no-store")
		return answer(c, http.StatusOK, mediaJSON, wireSession{Role: auth.Public, Home: "/connexion"})
	}
	return a.enter(c, made)
}
