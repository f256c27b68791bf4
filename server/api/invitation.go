package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"quietude/server/atelier"
	"quietude/server/auth"
	"quietude/server/fault"
	"quietude/server/report"
	"quietude/server/store"
)

func (a *API) invitationRoutes() []Route {
	const room = "/api/v1/ateliers/{id}"
	return []Route{
		{Method: http.MethodGet, Path: room + "/reporters", Handle: a.inRoom(a.reporters)},
		{Method: http.MethodGet, Path: room + "/invitations", Handle: a.inRoom(a.invitations)},
		{Method: http.MethodPost, Path: room + "/invitations", Handle: a.inRoom(a.invite)},
		{Method: http.MethodGet, Path: room + "/lettres.pdf", Handle: a.letters, Heavy: true},
		{Method: http.MethodGet, Path: room + "/institutions", Handle: a.inRoom(a.institutions)},
		{Method: http.MethodPut, Path: room + "/institutions", Handle: a.inRoom(a.putInstitutions)},
		{Method: http.MethodGet, Path: "/api/v1/invitations/{code}", Handle: a.invitation},
		{Method: http.MethodPost, Path: "/api/v1/invitations/{code}", Handle: a.answerInvitation},
		{Method: http.MethodGet, Path: "/api/v1/rencontres-tenues", Handle: a.meetingsHeld},
	}
}

// institutionNames are how institutions are read on paper.
var institutionNames = map[string]string{
	"elus": "Élus", "police_nationale": "Police nationale", "police_municipale": "Police municipale", "parquet": "Parquet",
	"bailleurs": "Bailleurs", "correspondants_nuit": "Correspondants de nuit", "agents": "Agents de la ville", "autres": "Autres",
}

// wholeAtelier gives the whole atelier of a room.
func (a *API) wholeAtelier(c *gin.Context, at atelier.Atelier) (atelier.Atelier, error) {
	return a.Store.Atelier(c.Request.Context(), at.ID)
}

type wireReporter struct {
	ID         uuid.UUID `json:"id"`
	Nom        string    `json:"nom,omitempty"`
	HasEmail   bool      `json:"has_email"`
	HasAddress bool      `json:"has_address"`
	AgreedAt   time.Time `json:"agreed_at"`
	Invited    bool      `json:"invited"`
}

// reporters are those of the atelier's quartier and of a period who agreed to
// be invited.
func (a *API) reporters(c *gin.Context, at atelier.Atelier, _ auth.Principal) error {
	t, err := a.wholeAtelier(c, at)
	if err != nil {
		return err
	}
	city, err := a.Places.City(c.Request.Context(), t.Territoire)
	if err != nil {
		return err
	}
	from, to, err := readPeriod(c.Query("from"), c.Query("to"), city.Zone, a.Now())
	if err != nil {
		return err
	}
	found, err := a.Store.Reporters(c.Request.Context(), t, from, to)
	if err != nil {
		return err
	}
	out := make([]wireReporter, len(found))
	for i, r := range found {
		out[i] = wireReporter{r.ID, r.Nom, r.HasEmail, r.HasAddress, r.AgreedAt.UTC(), r.Invited}
	}
	if err := a.consulted(c, len(out)); err != nil {
		return err
	}
	return answer(c, http.StatusOK, mediaJSON, gin.H{"reporters": out})
}

type wireInvitation struct {
	ID         uuid.UUID  `json:"id"`
	Nom        string     `json:"nom,omitempty"`
	Channel    string     `json:"channel"`
	SentAt     *time.Time `json:"sent_at,omitempty"`
	Answer     string     `json:"answer,omitempty"`
	AnsweredAt *time.Time `json:"answered_at,omitempty"`
	Table      int        `json:"table,omitempty"`
}

func (a *API) invitations(c *gin.Context, at atelier.Atelier, _ auth.Principal) error {
	t, err := a.wholeAtelier(c, at)
	if err != nil {
		return err
	}
	return a.answerInvitations(c, t)
}

// answerInvitations lists who was invited; those who come have a table, so
// that tables never differ by more than one.
func (a *API) answerInvitations(c *gin.Context, t atelier.Atelier) error {
	all, err := a.Store.Invitations(c.Request.Context(), t.Territoire, t.ID)
	if err != nil {
		return err
	}
	out := make([]wireInvitation, len(all))
	guests := 0
	for i, v := range all {
		out[i] = wireInvitation{ID: v.ID, Nom: v.Nom, Channel: v.Channel, SentAt: inUTC(v.SentAt), Answer: v.Answer, AnsweredAt: inUTC(v.AnsweredAt)}
		if v.Answer == "yes" {
			out[i].Table = atelier.TableOf(guests, len(t.Seats))
			guests++
		}
	}
	if err := a.consulted(c, len(out)); err != nil {
		return err
	}
	return answer(c, http.StatusOK, mediaJSON, gin.H{"invitations": out, "by_email": a.SendInvitations != nil})
}

func (a *API) invite(c *gin.Context, at atelier.Atelier, _ auth.Principal) error {
	var sent struct {
		Reporters []uuid.UUID `json:"reporters"`
	}
	if err := bodyOf(c).Decode(&sent); err != nil {
		return err
	}
	t, err := a.wholeAtelier(c, at)
	if err != nil {
		return err
	}
	if t.Over(a.Now()) {
		return fault.New(fault.Conflict, "atelier_passe", "Cet atelier est passé : plus personne ne peut y être invité.")
	}
	if err := a.Store.Invite(c.Request.Context(), t, sent.Reporters); err != nil {
		return err
	}
	if a.SendInvitations != nil {
		if err := a.SendInvitations(c.Request.Context(), t.Territoire, t.ID); err != nil {
			return err
		}
	}
	return a.answerInvitations(c, t)
}

// letters are the invitations that go by post: without a mail server, all of
// those with a postal address.
func (a *API) letters(c *gin.Context) error {
	t, city, err := a.animatedIn(c)
	if err != nil {
		return err
	}
	all, err := a.Store.Invitations(c.Request.Context(), t.Territoire, t.ID)
	if err != nil {
		return err
	}
	var letters []report.Letter
	for _, v := range all {
		if v.Adresse != "" && v.Answer == "" && (v.Channel == "letter" || v.SentAt == nil) {
			letters = append(letters, report.Letter{Nom: v.Nom, Adresse: v.Adresse, Code: v.Code})
		}
	}
	body, err := report.Letters(a.printed(c, city, t), letters)
	if err != nil {
		return err
	}
	if err := a.consulted(c, len(letters)); err != nil {
		return err
	}
	return answerPDF(c, "invitations", t.StartsAt.In(city.Zone), body)
}

type wireInstitution struct {
	Institution string `json:"institution"`
	Expected    int    `json:"expected"`
	Present     *int   `json:"present,omitempty"`
}

func (a *API) institutions(c *gin.Context, at atelier.Atelier, _ auth.Principal) error {
	list, err := a.Store.Institutions(c.Request.Context(), at.Territoire, at.ID)
	if err != nil {
		return err
	}
	out := make([]wireInstitution, len(list))
	for i, x := range list {
		out[i] = wireInstitution(x)
	}
	return answer(c, http.StatusOK, mediaJSON, gin.H{"institutions": out})
}

func (a *API) putInstitutions(c *gin.Context, at atelier.Atelier, p auth.Principal) error {
	var sent struct {
		Institutions []wireInstitution `json:"institutions"`
	}
	if err := bodyOf(c).Decode(&sent); err != nil {
		return err
	}
	list := make([]store.Institution, len(sent.Institutions))
	for i, x := range sent.Institutions {
		if !slices.Contains(atelier.Institutions, x.Institution) {
			return errBadValue.At("institutions")
		}
		list[i] = store.Institution(x)
	}
	if err := a.Store.PutInstitutions(c.Request.Context(), at.Territoire, at.ID, list); err != nil {
		return err
	}
	return a.institutions(c, at, p)
}

var errNoInvitation = fault.New(fault.NotFound, "invitation_inconnue", "Ce lien d’invitation n’est plus valable.").At("code")

// invitedBy reads the code of a link; wrong ones are counted like those of
// tables.
func (a *API) invitedBy(c *gin.Context) (t atelier.Atelier, code, said string, err error) {
	if err := a.tries.allowed(c); err != nil {
		return t, "", "", err
	}
	code, ok := atelier.ReadCode(c.Param("code"), atelier.InvitationCodeLength)
	if !ok {
		return t, "", "", a.tries.failed(c, errNoInvitation)
	}
	t, said, err = a.Store.InvitedBy(c.Request.Context(), code)
	if fault.KindOf(err) == fault.NotFound {
		err = a.tries.failed(c, errNoInvitation)
	}
	c.Header("Cache-Control", "no-store")
	return t, code, said, err
}

func (a *API) answerInvited(c *gin.Context, t atelier.Atelier, said string) error {
	city, err := a.Places.City(c.Request.Context(), t.Territoire)
	if err != nil {
		return err
	}
	quartier, _ := city.Area(t.Quartier)
	state := t.State
	if t.Over(a.Now()) { // also one that was never held: nobody is awaited any more
		state = "closed"
	}
	return answer(c, http.StatusOK, mediaJSON, gin.H{"titre": t.Titre, "lieu": t.Lieu, "quartier_nom": quartier.Nom,
		"starts_at": t.StartsAt.UTC(), "state": state, "answer": said, "demo": t.Demo})
}

func (a *API) invitation(c *gin.Context) error {
	t, _, said, err := a.invitedBy(c)
	if err != nil {
		return err
	}
	return a.answerInvited(c, t, said)
}

func (a *API) answerInvitation(c *gin.Context) error {
	var sent struct {
		Answer string `json:"answer"`
	}
	if err := bodyOf(c).Decode(&sent); err != nil {
		return err
	}
	t, code, _, err := a.invitedBy(c)
	if err != nil {
		return err
	}
	if t.Over(a.Now()) {
		return fault.New(fault.Gone, "atelier_passe", "Cet atelier est passé : il n’attend plus de réponse.")
	}
	if err := a.Store.Answer(c.Request.Context(), t, code, sent.Answer); err != nil {
		return err
	}
	return a.answerInvited(c, t, sent.Answer)
}

// meetingsHeld counts ateliers and réunions spécifiques that were held.
func (a *API) meetingsHeld(c *gin.Context) error {
	city, err := a.territoire(c)
	if err != nil {
		return err
	}
	held, err := a.Store.MeetingsHeld(c.Request.Context(), city.Code, c.Query("quartier"))
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, mediaJSON, gin.H{"ateliers": held.Ateliers, "reunions": held.Reunions})
}

// SendInvitations orders the e-mails of an atelier; nil where there is no mail
// server.
type SendInvitations func(ctx context.Context, territoire string, room uuid.UUID) error
