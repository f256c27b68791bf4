package api

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"quietude/server/atelier"
	"quietude/server/auth"
	"quietude/server/fault"
	"quietude/server/store"
)

// abonnementRoutes are for residents of an atelier who follow what becomes of
// it. Whoever has the code of a follower reads, answers and erases as that
// follower; no member of the staff may answer.
func (a *API) abonnementRoutes() []Route {
	const one = "/api/v1/abonnements/{code}"
	return []Route{
		{Method: http.MethodPost, Path: "/api/v1/abonnements", Handle: a.follow},
		{Method: http.MethodGet, Path: one, Handle: a.following},
		{Method: http.MethodDelete, Path: one, Handle: a.unfollow},
		{Method: http.MethodPut, Path: one + "/email", Handle: a.followByEmail},
		{Method: http.MethodPost, Path: one + "/confirmation", Handle: a.confirmEmail},
		{Method: http.MethodPost, Path: one + "/reponses", Handle: a.speak},
	}
}

// Confirm orders the e-mail that asks whether an address is its owner's; nil
// where there is no mail server.
type Confirm func(ctx context.Context, f atelier.Follower) error

// New followers are bounded per address like signalements; confirmations per
// address that they go to, so that nobody's mailbox is filled.
const (
	followBurst, followPerSecond   = 60, 1.0 / 30
	confirmBurst, confirmPerSecond = 3, 3.0 / (24 * 3600)
)

var (
	errManyFollow  = fault.New(fault.TooMany, "trop_d_abonnements", "Beaucoup de personnes viennent de s’abonner depuis votre connexion. Attendez une minute, puis réessayez.").After(time.Minute)
	errManyConfirm = fault.New(fault.TooMany, "trop_de_messages", "Plusieurs messages viennent de partir vers cette adresse. Regardez dans vos courriers indésirables, ou réessayez demain.").After(time.Hour)
	errNoFollower  = fault.New(fault.NotFound, "abonnement_inconnu", "Ce suivi n’existe pas, ou a été effacé. Entrez de nouveau le code de votre table.").At("code")
	errNotStaff    = fault.New(fault.Forbidden, "reserve_habitants", "Seuls les habitants de l’atelier peuvent suivre et répondre ici. Déconnectez-vous d’abord de votre compte.")
	errNoMail      = fault.New(fault.Unprocessable, "envoi_absent", "La ville n’envoie pas de courriels : gardez plutôt cette page.").At("email")
)

func (a *API) spend(c *gin.Context, key, of string, burst, perSecond float32, refusal error) error {
	ctx := c.Request.Context()
	name, err := a.addresses.of(ctx, of)
	if err != nil {
		return err
	}
	ok, err := a.Store.Spend(ctx, store.Bucket{Key: key + ":" + name, Burst: burst, PerSecond: perSecond})
	if err == nil && !ok {
		return refusal
	}
	return err
}

// follow makes a follower from the code of a table of an atelier that has begun.
func (a *API) follow(c *gin.Context) error {
	var sent struct {
		Code string `json:"code"`
	}
	if err := bodyOf(c).Decode(&sent); err != nil {
		return err
	}
	if !isResident(a.principal(c)) {
		return errNotStaff
	}
	if err := a.tries.allowed(c); err != nil {
		return err
	}
	unknown := fault.New(fault.NotFound, "code_inconnu", "Ce code n’ouvre aucune table. Vérifiez-le sur la carte qui était posée sur votre table.").At("code")
	code, ok := atelier.ReadCode(sent.Code, atelier.CodeLength)
	if !ok {
		return a.tries.failed(c, unknown)
	}
	ctx := c.Request.Context()
	at, numero, err := a.Store.TableByCode(ctx, code)
	if fault.KindOf(err) == fault.NotFound {
		return a.tries.failed(c, unknown)
	}
	if err != nil {
		return err
	}
	if at.State == "prepared" {
		return fault.New(fault.Conflict, "atelier_a_venir", "Cet atelier n’a pas encore commencé. Vous pourrez suivre ses réponses dès qu’il aura lieu.").At("code")
	}
	if err := a.spend(c, "abonnement", c.ClientIP(), followBurst, followPerSecond, errManyFollow); err != nil {
		return err
	}
	f := atelier.Follower{Territoire: at.Territoire, Atelier: at.ID, ID: uuid.New(), Table: numero, Code: atelier.NewFollowerCode()}
	if err := a.Store.AddFollower(ctx, f); err != nil {
		return err
	}
	return a.answerFollower(c, http.StatusCreated, f)
}

// followerOf reads the code of a follower; wrong ones are counted like those of
// tables.
func (a *API) followerOf(c *gin.Context) (atelier.Follower, error) {
	if err := a.tries.allowed(c); err != nil {
		return atelier.Follower{}, err
	}
	c.Header("Cache-Control", "no-store")
	code, ok := atelier.ReadCode(c.Param("code"), atelier.FollowerCodeLength)
	if !ok {
		return atelier.Follower{}, a.tries.failed(c, errNoFollower)
	}
	f, err := a.Store.Follower(c.Request.Context(), code)
	if fault.KindOf(err) == fault.NotFound {
		err = a.tries.failed(c, errNoFollower)
	}
	return f, err
}

type wireFollowedAction struct {
	ID       uuid.UUID           `json:"id"`
	Said     string              `json:"said"`
	Titre    string              `json:"titre"`
	Answer   string              `json:"answer"`
	State    atelier.ActionState `json:"state"`
	Late     bool                `json:"late"`
	Pilote   string              `json:"pilote,omitempty"`
	Echeance string              `json:"echeance,omitempty"`
	DoneOn   string              `json:"done_on,omitempty"`
	// AskFrom is the day from which an answer is taken; absent while there is
	// nothing to ask.
	AskFrom string `json:"ask_from,omitempty"`
	Asked   bool   `json:"asked"`
	Better  *bool  `json:"better,omitempty"`
}

func (a *API) answerFollower(c *gin.Context, status int, f atelier.Follower) error {
	ctx := c.Request.Context()
	at, err := a.Store.Atelier(ctx, f.Atelier)
	if err != nil {
		return err
	}
	city, err := a.Places.City(ctx, f.Territoire)
	if err != nil {
		return err
	}
	kept, err := a.Store.Conservation(ctx, f.Territoire)
	if err != nil {
		return err
	}
	actions, err := a.Store.FollowedActions(ctx, f)
	if err != nil {
		return err
	}
	today := a.today(city)
	out := make([]wireFollowedAction, len(actions))
	for i, x := range actions {
		out[i] = wireFollowedAction{ID: x.ID, Said: x.Said, Titre: x.Suivi.Titre, Answer: x.Answer, State: x.State, Late: x.Late(today),
			Pilote: x.Pilote, Echeance: dayOrEmpty(x.Echeance), DoneOn: dayOrEmpty(x.DoneOn), AskFrom: dayOrEmpty(x.AskedFrom()),
			Asked: mayAnswer(&x.Action, today) == nil, Better: x.Voice}
	}
	quartier, _ := city.Area(at.Quartier)
	email := "none"
	switch {
	case f.ConfirmedAt != nil:
		email = "confirmed"
	case f.Email != "":
		email = "waiting"
	}
	c.Header("Cache-Control", "no-store")
	return answer(c, status, mediaJSON, gin.H{"code": f.Code, "titre": at.Titre, "quartier": at.Quartier, "quartier_nom": quartier.Nom,
		"starts_at": at.StartsAt.UTC(), "fuseau": city.Fuseau, "demo": at.Demo, "table": f.Table, "email": email, "by_email": a.Confirm != nil,
		"contact_months": kept.Contact, "min_voices": atelier.MinVoices, "actions": out})
}

func (a *API) following(c *gin.Context) error {
	f, err := a.followerOf(c)
	if err != nil {
		return err
	}
	return a.answerFollower(c, http.StatusOK, f)
}

func (a *API) unfollow(c *gin.Context) error {
	f, err := a.followerOf(c)
	if err != nil {
		return err
	}
	if err := a.Store.EraseFollower(c.Request.Context(), f); err != nil {
		return err
	}
	return answer(c, http.StatusOK, mediaJSON, gin.H{"erased": true})
}

// followByEmail takes an address, to which one e-mail asks for its
// confirmation; "" takes it away.
func (a *API) followByEmail(c *gin.Context) error {
	var sent struct {
		Email string `json:"email"`
	}
	if err := bodyOf(c).Decode(&sent); err != nil {
		return err
	}
	f, err := a.followerOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	f.Email, f.Confirm, f.ConfirmedAt = "", "", nil
	if sent.Email != "" {
		if a.Confirm == nil {
			return errNoMail
		}
		if f.Email, err = atelier.CheckEmail(sent.Email, "email"); err != nil {
			return err
		}
		if err := a.spend(c, "confirmation", f.Email, confirmBurst, confirmPerSecond, errManyConfirm); err != nil {
			return err
		}
		f.Confirm = atelier.NewFollowerCode()
	}
	if err := a.Store.SetFollowerEmail(ctx, f); err != nil {
		return err
	}
	if f.Email != "" {
		if err := a.Confirm(ctx, f); err != nil {
			return err
		}
	}
	return a.answerFollower(c, http.StatusOK, f)
}

func (a *API) confirmEmail(c *gin.Context) error {
	var sent struct {
		Confirm string `json:"confirm"`
	}
	if err := bodyOf(c).Decode(&sent); err != nil {
		return err
	}
	f, err := a.followerOf(c)
	if err != nil {
		return err
	}
	unknown := fault.New(fault.NotFound, "confirmation_inconnue", "Ce lien de confirmation n’est plus valable. Donnez de nouveau votre adresse.").At("confirm")
	word, ok := atelier.ReadCode(sent.Confirm, atelier.FollowerCodeLength)
	if !ok {
		return a.tries.failed(c, unknown)
	}
	ctx := c.Request.Context()
	if err := a.Store.ConfirmFollower(ctx, f, word); fault.KindOf(err) == fault.NotFound {
		return a.tries.failed(c, unknown)
	} else if err != nil {
		return err
	}
	if f, err = a.Store.Follower(ctx, f.Code); err != nil {
		return err
	}
	return a.answerFollower(c, http.StatusOK, f)
}

// isResident reports whether nobody of the staff and no machine asks.
func isResident(p auth.Principal) bool { return p.Role == auth.Public || p.Role == auth.Habitant }

// mayAnswer refuses an answer about an action that residents are not asked
// about now.
func mayAnswer(x *atelier.Action, today time.Time) error {
	from := x.AskedFrom()
	switch {
	case x.State != atelier.Done && x.State != atelier.Verified || from == nil:
		return fault.New(fault.Conflict, "action_non_realisee", "Cette action n’est pas réalisée : on ne peut pas encore dire si c’est mieux.").At("action")
	case from.After(today):
		return fault.New(fault.Conflict, "question_a_venir", "Cette action vient d’être réalisée. Dites si c’est mieux dans quelques jours, quand vous l’aurez vue.").At("action").
			With("ask_from", from.Format(time.DateOnly))
	}
	return nil
}

// speak takes the answer to « est-ce mieux ? ».
func (a *API) speak(c *gin.Context) error {
	var sent struct {
		Action uuid.UUID `json:"action"`
		Better bool      `json:"better"`
	}
	if err := bodyOf(c).Decode(&sent); err != nil {
		return err
	}
	if !isResident(a.principal(c)) {
		return errNotStaff
	}
	f, err := a.followerOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	// What is not public is as unknown as what does not exist.
	open, err := a.Store.FollowedActions(ctx, f)
	if err != nil {
		return err
	}
	known := false
	for _, x := range open {
		known = known || x.ID == sent.Action
	}
	if !known {
		return errNoAction
	}
	city, err := a.Places.City(ctx, f.Territoire)
	if err != nil {
		return err
	}
	today := a.today(city)
	_, verified, err := a.Store.Speak(ctx, f, sent.Action, sent.Better,
		func(x *atelier.Action) error { return mayAnswer(x, today) },
		func(x *atelier.Action, e *atelier.ActionEvent) error { return x.Change(e, today, true) })
	if err != nil {
		return err
	}
	if verified {
		if err := a.Live.TellFindings(ctx, atelier.Atelier{ID: f.Atelier, Territoire: f.Territoire}, "habitant"); err != nil {
			return err
		}
		if err := a.Store.PublishSuivi(ctx, f.Territoire); err != nil {
			return err
		}
	}
	return a.answerFollower(c, http.StatusOK, f)
}
