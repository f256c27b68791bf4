package api

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
	"golang.org/x/time/rate"

	"quietude/server/atelier"
	"quietude/server/auth"
	"quietude/server/fault"
	"quietude/server/store"
)

// seatRoutes let residents sit down at a table with its code.
func (a *API) seatRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Path: "/api/v1/tables/{code}", Handle: a.lookTable},
		{Method: http.MethodPost, Path: "/api/v1/join", Handle: a.join},
		{Method: http.MethodPost, Path: "/api/v1/ateliers/{id}/link", Handle: a.inRoom(a.linkDevice)},
	}
}

type wireTableView struct {
	Numero    int           `json:"numero"`
	Open      bool          `json:"open"`
	Atelier   wireSeatOf    `json:"atelier"`
	Retention wireRetention `json:"retention"`
}

type wireSeatOf struct {
	ID          uuid.UUID `json:"id"`
	Territoire  string    `json:"territoire"`
	Quartier    string    `json:"quartier"`
	QuartierNom string    `json:"quartier_nom"`
	Titre       string    `json:"titre"`
	Lieu        string    `json:"lieu,omitempty"`
	StartsAt    time.Time `json:"starts_at"`
	ClosesAt    time.Time `json:"closes_at"`
	State       string    `json:"state"`
	Demo        bool      `json:"demo"`
}

type wireRetention struct {
	TextMonths     int `json:"text_months"`
	PositionMonths int `json:"position_months"`
}

type wireSeat struct {
	Token       string        `json:"token"`
	Participant uuid.UUID     `json:"participant"`
	Rang        int           `json:"rang"`
	Table       wireTableView `json:"table"`
}

func (a *API) lookTable(c *gin.Context) error {
	at, numero, err := a.tableOf(c, c.Param("code"))
	if err != nil {
		return err
	}
	return a.answerSeat(c, at, numero, func(v wireTableView) any { return v })
}

func (a *API) join(c *gin.Context) error {
	var body struct {
		Code   string    `json:"code"`
		Secret uuid.UUID `json:"secret"`
		Link   string    `json:"link"`
	}
	if err := bodyOf(c).Decode(&body); err != nil {
		return err
	}
	if v := body.Secret.Version(); v != 4 && v != 7 {
		return fault.New(fault.Invalid, "secret_faible", "Le secret de l’appareil doit être un UUID aléatoire (version 4 ou 7).").At("secret")
	}
	at, numero, err := a.tableOf(c, body.Code)
	if err != nil {
		return err
	}
	p, err := a.seat(c, at, numero, body.Secret, body.Link)
	if err != nil {
		return err
	}
	return a.answerSeat(c, at, p.Table, func(v wireTableView) any {
		return wireSeat{Token: at.Token(p), Participant: p.ID, Rang: p.Rang, Table: v}
	})
}

func (a *API) answerSeat(c *gin.Context, at atelier.Atelier, numero int, shape func(wireTableView) any) error {
	view, err := a.tableView(c.Request.Context(), at, numero)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	c.JSON(http.StatusOK, shape(view))
	return nil
}

func (a *API) seat(c *gin.Context, at atelier.Atelier, numero int, secret uuid.UUID, link string) (atelier.Participant, error) {
	ctx := c.Request.Context()
	device := at.Pseudonym(numero, secret)
	if link == "" {
		p, err := a.Store.LinkedParticipant(ctx, at, device)
		if fault.KindOf(err) == fault.NotFound {
			return a.Store.AddParticipant(ctx, at, numero, device)
		}
		return p, err
	}
	unknown := fault.New(fault.NotFound, "lien_inconnu",
		"Ce code de second appareil n’est plus valable. Demandez-en un nouveau sur le premier.").At("link")
	code, ok := atelier.ReadCode(link, 6)
	if !ok {
		return atelier.Participant{}, a.tries.failed(c, unknown)
	}
	p, err := a.Store.UseLink(ctx, at, code, device)
	if fault.KindOf(err) == fault.NotFound {
		return p, a.tries.failed(c, unknown)
	}
	return p, err
}

func (a *API) linkDevice(c *gin.Context, at atelier.Atelier, p auth.Principal) error {
	if p.Role != auth.Habitant {
		return fault.New(fault.Unauthorized, "table_requise", "Entrez d’abord le code de votre table.")
	}
	code := atelier.NewLinkCode()
	until, err := a.Store.AddLink(c.Request.Context(), at, p.Participant.ID, code)
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, gin.H{"link": code, "expires_at": until.UTC()})
	return nil
}

// tableOf finds the table that a typed code opens.
func (a *API) tableOf(c *gin.Context, typed string) (atelier.Atelier, int, error) {
	unknown := fault.New(fault.NotFound, "code_inconnu",
		"Ce code n’ouvre aucune table. Vérifiez-le sur la carte posée sur votre table.").At("code")
	if err := a.tries.allowed(c); err != nil {
		return atelier.Atelier{}, 0, err
	}
	code, ok := atelier.ReadCode(typed, atelier.CodeLength)
	if !ok {
		return atelier.Atelier{}, 0, a.tries.failed(c, unknown)
	}
	at, numero, err := a.Store.TableByCode(c.Request.Context(), code)
	switch {
	case fault.KindOf(err) == fault.NotFound:
		return at, 0, a.tries.failed(c, unknown)
	case err != nil:
		return at, 0, err
	case at.Over(a.Now()):
		return at, 0, fault.New(fault.Gone, "code_expire",
			"Cet atelier est terminé : son code n’ouvre plus la carte. Ses résultats seront publiés par la Ville.").At("code")
	}
	return at, numero, nil
}

// pageTime is how long the page of a table may wait for the database before it is
// shown without an answer about its code.
const pageTime = 2 * time.Second

// TableRefusal says why the code in the address of a table's page opens none: the
// problem that GET /api/v1/tables/{code} would answer, counted as the same try, so
// that the page has no need to ask again. nil when the code opens a table, and when
// nobody can tell now: the page then starts all the same, for what a device keeps,
// and asks for itself.
func (a *API) TableRefusal(c *gin.Context) *Problem {
	ctx, cancel := context.WithTimeout(c.Request.Context(), pageTime)
	defer cancel()
	leave, err := a.requests.take(ctx, "", 0)
	if err != nil {
		return nil
	}
	defer leave()
	c.Request = c.Request.WithContext(ctx)
	if _, _, err = a.tableOf(c, c.Param("code")); err == nil {
		return nil
	}
	switch f := faultOf(err); f.Kind {
	case fault.NotFound, fault.Gone, fault.TooMany:
		retryAfter(c, f)
		p := ProblemOf(f)
		return &p
	}
	return nil
}

func (a *API) tableView(ctx context.Context, at atelier.Atelier, numero int) (wireTableView, error) {
	city, err := a.Places.City(ctx, at.Territoire)
	if err != nil {
		return wireTableView{}, err
	}
	kept, err := a.Store.Conservation(ctx, at.Territoire)
	if err != nil {
		return wireTableView{}, err
	}
	v := wireTableView{Numero: numero, Retention: wireRetention{kept.Text, kept.Position},
		Atelier: wireSeatOf{ID: at.ID, Territoire: at.Territoire, Quartier: at.Quartier, QuartierNom: at.Quartier, Titre: at.Titre,
			Lieu: at.Lieu, StartsAt: at.StartsAt.UTC(), ClosesAt: at.ClosesAt.UTC(), State: at.State, Demo: at.Demo}}
	if q, ok := city.Area(at.Quartier); ok {
		v.Atelier.QuartierNom = q.Nom
	}
	for _, t := range at.Tables {
		if t.Numero == numero {
			v.Open = t.Open
		}
	}
	return v, nil
}

// tries bounds wrong codes per address, on this node and in the database, so
// that several nodes do not multiply the guesses. Right codes cost nothing: a
// whole hall behind one address sits down undisturbed.
type tries struct {
	store *store.Store
	names pseudonyms

	mu       sync.Mutex
	limiters map[string]*rate.Limiter
}

const (
	wrongBurst     = 30
	wrongPerSecond = 0.2
)

func newTries(s *store.Store) *tries {
	return &tries{store: s, names: pseudonyms{store: s, secret: "tries"}, limiters: map[string]*rate.Limiter{}}
}

func (t *tries) allowed(c *gin.Context) error {
	bucket, limiter, err := t.of(c)
	if err != nil {
		return err
	}
	tooMany := fault.New(fault.TooMany, "trop_de_codes",
		"Trop de codes erronés ont été essayés. Attendez une minute, puis vérifiez le code sur la carte de votre table.").After(time.Minute)
	if limiter.Tokens() < 1 {
		return tooMany
	}
	left, err := t.store.Left(c.Request.Context(), bucket)
	if err == nil && left < 1 {
		return tooMany
	}
	return err
}

// failed takes a try away and returns the fault to answer.
func (t *tries) failed(c *gin.Context, answer error) error {
	bucket, limiter, err := t.of(c)
	if err != nil {
		return err
	}
	limiter.Allow()
	if err := t.store.Take(c.Request.Context(), bucket); err != nil {
		return err
	}
	return answer
}

func (t *tries) of(c *gin.Context) (store.Bucket, *rate.Limiter, error) {
	name, err := t.names.of(c.Request.Context(), network(c))
	if err != nil {
		return store.Bucket{}, nil, err
	}
	name = "code:" + name
	t.mu.Lock()
	defer t.mu.Unlock()
	l, ok := t.limiters[name]
	if !ok {
		if len(t.limiters) > 10_000 {
			clear(t.limiters) // the database still counts
		}
		l = rate.NewLimiter(wrongPerSecond, wrongBurst)
		t.limiters[name] = l
	}
	return store.Bucket{Key: name, Burst: wrongBurst, PerSecond: wrongPerSecond}, l, nil
}
