package api

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
	"github.com/paulmach/orb/geojson"

	"quietude/geo/edition"
	"quietude/server/fault"
	"quietude/server/publication"
	"quietude/server/store"
)

// What an animateur does before something is public: ask for a draft, look at
// it, publish it, and withdraw an edition.
func (a *API) brouillonRoutes() []Route {
	return []Route{
		{Method: http.MethodPost, Path: "/api/v1/brouillons", Handle: a.askBrouillon},
		{Method: http.MethodGet, Path: "/api/v1/brouillons/{id}", Handle: a.brouillon},
		{Method: http.MethodGet, Path: "/api/v1/brouillons/{id}/hexagones", Handle: a.brouillonHexagones},
		{Method: http.MethodPost, Path: "/api/v1/brouillons/{id}/publier", Handle: a.publishBrouillon},
		{Method: http.MethodGet, Path: "/api/v1/ateliers/{id}/brouillons", Handle: a.brouillonsOfAtelier},
		{Method: http.MethodDelete, Path: "/api/v1/quartiers/{code}/editions/{numero}", Handle: a.withdrawEdition},
	}
}

type wireBrouillon struct {
	ID       uuid.UUID   `json:"id"`
	Quartier string      `json:"quartier"`
	Ateliers []uuid.UUID `json:"ateliers"`
	State    string      `json:"state"`
	// Refusal is the sentence of a refused draft.
	Refusal string     `json:"refusal,omitempty"`
	AskedAt time.Time  `json:"asked_at"`
	ReadyAt *time.Time `json:"ready_at,omitempty"`
	Numero  int        `json:"numero,omitempty"`
	// Edition is what would be published, once ready.
	Edition *wireEditionContent `json:"edition,omitempty"`
}

func newWireBrouillon(b store.Brouillon) (wireBrouillon, error) {
	w := wireBrouillon{ID: b.ID, Quartier: b.Quartier, Ateliers: b.Ateliers, State: b.State, AskedAt: b.AskedAt.UTC(), ReadyAt: inUTC(b.ReadyAt), Numero: b.Numero}
	if b.State == "refused" {
		w.Refusal = publication.Refused(b.Refusal)
	}
	if b.Canonical == nil {
		return w, nil
	}
	e, err := edition.Read(b.Canonical, b.Hash)
	if err != nil {
		return w, err
	}
	summary := wireEdition{Territoire: b.Territoire, Quartier: b.Quartier, Numero: b.Numero}
	describe(&summary, e)
	content := newWireContent(summary, e)
	w.Edition = &content
	return w, nil
}

func answerBrouillon(c *gin.Context, status int, b store.Brouillon) error {
	w, err := newWireBrouillon(b)
	if err != nil {
		return err
	}
	return answer(c, status, mediaJSON, w)
}

var errOtherBrouillon = fault.New(fault.Conflict, "brouillon_different", "Cet identifiant a déjà servi pour un autre aperçu.").At("id")

var errNoBrouillon = fault.New(fault.NotFound, "brouillon_inconnu", "Cet aperçu n’existe pas.")

// animated is the territoire of the request when the one who asks leads its
// ateliers; to others its drafts are unknown.
func (a *API) animated(c *gin.Context) (territoire string, err error) {
	city, err := a.territoire(c)
	if err != nil {
		return "", err
	}
	if !a.principal(c).Animates(city.Code) {
		return "", errNoBrouillon
	}
	if a.Publisher == nil || a.Jobs == nil {
		return "", errNoPublic
	}
	return city.Code, nil
}

func (a *API) askBrouillon(c *gin.Context) error {
	territoire, err := a.animated(c)
	if err != nil {
		return err
	}
	var sent struct {
		ID       uuid.UUID   `json:"id"`
		Ateliers []uuid.UUID `json:"ateliers"`
	}
	if err := bodyOf(c).Decode(&sent); err != nil {
		return err
	}
	first, err := a.Store.Atelier(c.Request.Context(), sent.Ateliers[0])
	if err != nil || first.Territoire != territoire {
		return fault.New(fault.Unprocessable, "atelier_inconnu", "Un de ces ateliers n’existe pas.").At("ateliers").Because(err)
	}
	wanted := store.Brouillon{Territoire: territoire, ID: sent.ID, Quartier: first.Quartier, Ateliers: sent.Ateliers}
	stored, created, err := publication.Ask(c.Request.Context(), a.Store, a.Jobs, wanted)
	if err != nil {
		return err
	}
	if !created && !slices.Equal(stored.Ateliers, sent.Ateliers) {
		return errOtherBrouillon
	}
	status := http.StatusOK
	if created {
		status = http.StatusCreated
	}
	return answerBrouillon(c, status, stored)
}

// brouillonOf gives the draft that the path names.
func (a *API) brouillonOf(c *gin.Context) (b store.Brouillon, err error) {
	territoire, err := a.animated(c)
	if err != nil {
		return b, err
	}
	id, err := uuid.Parse(c.Param("id"))
	if err != nil {
		return b, errUnknownPath
	}
	return a.Store.Brouillon(c.Request.Context(), territoire, id)
}

func (a *API) brouillon(c *gin.Context) error {
	b, err := a.brouillonOf(c)
	if err != nil {
		return err
	}
	return answerBrouillon(c, http.StatusOK, b)
}

func (a *API) brouillonsOfAtelier(c *gin.Context) error {
	t, animates, err := a.atelierOf(c)
	if err != nil {
		return err
	}
	if !animates {
		return errNoAtelier
	}
	all, err := a.Store.Brouillons(c.Request.Context(), t.Territoire, t.ID)
	if err != nil {
		return err
	}
	out := make([]wireBrouillon, len(all))
	for i, b := range all {
		if out[i], err = newWireBrouillon(b); err != nil {
			return err
		}
	}
	return answer(c, http.StatusOK, mediaJSON, struct {
		Brouillons []wireBrouillon `json:"brouillons"`
	}{out})
}

func (a *API) brouillonHexagones(c *gin.Context) error {
	b, err := a.brouillonOf(c)
	if err != nil {
		return err
	}
	all := []feature[editionProperties]{}
	if b.Canonical != nil {
		p, err := newPublished(store.PublicEdition{Territoire: b.Territoire, Quartier: b.Quartier, Numero: b.Numero, Canonical: b.Canonical, Hash: b.Hash})
		if err != nil {
			return err
		}
		all = p.features()
	}
	return answerFeatures(c, all)
}

// features are the published hexagons.
func (p published) features() []feature[editionProperties] {
	all := []feature[editionProperties]{}
	for i, h := range p.Hexagons() {
		all = append(all, feature[editionProperties]{Type: "Feature", ID: h.Cell().String(), Geometry: geojson.NewGeometry(p.shapes[i]),
			Properties: editionProperties{h.Cell(), p.Edition.Quartier(), p.Edition.Numero(), h.Reading(), newWireClass(h.Unsafe()), newWireClass(h.Safe())}})
	}
	return all
}

func (a *API) publishBrouillon(c *gin.Context) error {
	b, err := a.brouillonOf(c)
	if err != nil {
		return err
	}
	if _, err := a.Publisher.Publish(c.Request.Context(), b.Territoire, b.ID); err != nil {
		return err
	}
	if b, err = a.Store.Brouillon(c.Request.Context(), b.Territoire, b.ID); err != nil {
		return err
	}
	return answerBrouillon(c, http.StatusOK, b)
}

func (a *API) withdrawEdition(c *gin.Context) error {
	territoire, err := a.animated(c)
	if err != nil {
		return err
	}
	numero, _ := strconv.Atoi(c.Param("numero")) // the contract has checked it
	if err := a.Publisher.Withdraw(c.Request.Context(), territoire, c.Param("code"), numero); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}
