package api

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
	"github.com/paulmach/orb/geojson"

	"quietude/server/atelier"
	"quietude/server/auth"
	"quietude/server/fault"
	"quietude/server/hexmap"
	"quietude/server/report"
	"quietude/server/store"
)

// contributionRoutes are the rights of a person over what it gave.
func (a *API) contributionRoutes() []Route {
	const room = "/api/v1/ateliers/{id}"
	return []Route{
		{Method: http.MethodGet, Path: room + "/contribution", Handle: a.inRoom(a.contribution)},
		{Method: http.MethodDelete, Path: room + "/contribution", Handle: a.inRoom(a.eraseOwn)},
		{Method: http.MethodGet, Path: room + "/participants", Handle: a.inRoom(a.participants)},
		{Method: http.MethodDelete, Path: room + "/participants/{participant}", Handle: a.inRoom(a.eraseParticipant)},
		{Method: http.MethodGet, Path: "/api/v1/recu", Handle: a.receipt},
		{Method: http.MethodDelete, Path: "/api/v1/recu", Handle: a.eraseReceipt},
	}
}

type wireContribution struct {
	Atelier    wireSeatOf          `json:"atelier"`
	Table      int                 `json:"table"`
	Rang       int                 `json:"rang"`
	Code       string              `json:"code"`
	SeatedAt   time.Time           `json:"seated_at"`
	Operations int                 `json:"operations"`
	Late       int                 `json:"late"`
	Devices    int                 `json:"devices"`
	Markers    []wireMarkerFeature `json:"markers"`
	Remarks    []wireOwnRemark     `json:"remarks"`
	Votes      []wireOwnVote       `json:"votes"`
	Retention  wireRetention       `json:"retention"`
}

type wireOwnRemark struct {
	ID       uuid.UUID     `json:"id"`
	Question string        `json:"question"`
	Text     string        `json:"text"`
	Theme    atelier.Theme `json:"theme,omitempty"`
	Deleted  bool          `json:"deleted"`
}

type wireOwnVote struct {
	Finding uuid.UUID `json:"finding"`
	Dots    int       `json:"dots"`
}

var errSeatNeeded = fault.New(fault.Unauthorized, "table_requise", "Entrez d’abord le code de votre table.")

// contribution is all that is kept of one's own.
func (a *API) contribution(c *gin.Context, room atelier.Atelier, p auth.Principal) error {
	if p.Role != auth.Habitant {
		return errSeatNeeded
	}
	ctx := c.Request.Context()
	at, err := a.Store.Atelier(ctx, room.ID)
	if err != nil {
		return err
	}
	own, err := a.Store.Contribution(ctx, at, p.Participant.ID)
	if err != nil {
		return err
	}
	view, err := a.tableView(ctx, at, own.Numero)
	if err != nil {
		return err
	}
	out := wireContribution{Atelier: view.Atelier, Table: own.Numero, Rang: own.Rang, Code: atelier.ErasureCode(p.Participant.ID), SeatedAt: own.CreatedAt.UTC(),
		Operations: own.Operations, Late: own.Late, Devices: own.Devices, Retention: view.Retention,
		Markers: make([]wireMarkerFeature, 0, len(own.Markers)), Remarks: []wireOwnRemark{}, Votes: []wireOwnVote{}}
	for _, r := range own.Remarks {
		out.Remarks = append(out.Remarks, wireOwnRemark{r.ID, r.Question, r.Text, r.Theme, r.Deleted})
	}
	for _, v := range own.Votes {
		out.Votes = append(out.Votes, wireOwnVote{v.Finding, v.Dots})
	}
	for _, m := range own.Markers {
		properties := markerProperties(m)
		properties["deleted"] = m.Deleted
		out.Markers = append(out.Markers, wireMarkerFeature{Type: "Feature", ID: m.ID, Geometry: geojson.NewGeometry(m.Geometry),
			Properties: properties})
	}
	return answer(c, http.StatusOK, mediaJSON, out)
}

func (a *API) eraseOwn(c *gin.Context, room atelier.Atelier, p auth.Principal) error {
	if p.Role != auth.Habitant {
		return errSeatNeeded
	}
	return a.erase(c, room, p, p.Participant.ID)
}

func (a *API) eraseParticipant(c *gin.Context, room atelier.Atelier, p auth.Principal) error {
	if p.Role == auth.Habitant {
		return errNotForRole
	}
	id, err := pathID(c, "participant")
	if err != nil {
		return err
	}
	return a.erase(c, room, p, id)
}

func (a *API) erase(c *gin.Context, room atelier.Atelier, p auth.Principal, participant uuid.UUID) error {
	markers, err := a.Live.Erase(c.Request.Context(), room, participant, author(p))
	if err != nil {
		return err
	}
	a.Maps.Touch(room.Territoire)
	return answer(c, http.StatusOK, mediaJSON, gin.H{"erased_markers": markers})
}

// ownReceipt finds what the receipt in the header Recu stands for. Wrong codes
// are counted together with those of tables.
func (a *API) ownReceipt(c *gin.Context, found func(city *hexmap.City, digest []byte) error) error {
	unknown := fault.New(fault.NotFound, "recu_inconnu", "Ce reçu ne correspond à aucun signalement. Vérifiez le code, ou le signalement a déjà été effacé.").At("Recu")
	if err := a.tries.allowed(c); err != nil {
		return err
	}
	city, err := a.territoire(c)
	if err != nil {
		return err
	}
	code, ok := atelier.ReadCode(c.GetHeader("Recu"), atelier.ReceiptLength)
	if !ok {
		return a.tries.failed(c, unknown)
	}
	c.Header("Cache-Control", "no-store")
	err = found(city, atelier.ReceiptDigest(code))
	if fault.KindOf(err) == fault.NotFound {
		return a.tries.failed(c, unknown)
	}
	return err
}

type wireOwnSignalement struct {
	ID           uuid.UUID         `json:"id"`
	Quartier     *string           `json:"quartier"`
	Geometry     *geojson.Geometry `json:"geometry"`
	Coarse       bool              `json:"coarse"`
	Theme        atelier.Theme     `json:"theme"`
	Subtheme     string            `json:"subtheme,omitempty"`
	Nature       string            `json:"nature,omitempty"`
	OccurredFrom time.Time         `json:"occurred_from"`
	OccurredTo   time.Time         `json:"occurred_to"`
	Frequency    string            `json:"frequency,omitempty"`
	Since        string            `json:"since,omitempty"`
	Place        string            `json:"place,omitempty"`
	Severity     int               `json:"severity,omitempty"`
	Avoids       *bool             `json:"avoids,omitempty"`
	Approached   []string          `json:"approached,omitempty"`
	Note         string            `json:"note,omitempty"`
	Hidden       bool              `json:"hidden"`
	ReceivedAt   time.Time         `json:"received_at"`
	Retention    wireRetention     `json:"retention"`
}

func (a *API) receipt(c *gin.Context) error {
	return a.ownReceipt(c, func(city *hexmap.City, digest []byte) error {
		ctx := c.Request.Context()
		s, err := a.Store.SignalementByReceipt(ctx, city.Code, digest)
		if err != nil {
			return err
		}
		kept, err := a.Store.Conservation(ctx, city.Code)
		if err != nil {
			return err
		}
		return answer(c, http.StatusOK, mediaJSON, wireOwnSignalement{ID: s.ID, Quartier: s.Quartier, Geometry: geojson.NewGeometry(s.Geom),
			Coarse: s.Coarse, Theme: s.Theme, Subtheme: s.Subtheme, Nature: s.Nature, OccurredFrom: s.OccurredFrom.UTC(),
			OccurredTo: s.OccurredTo.UTC(), Frequency: s.Frequency, Since: s.Since, Place: s.Place, Severity: s.Severity,
			Avoids: s.Avoids, Approached: s.Approached, Note: s.Note, Hidden: s.Hidden, ReceivedAt: s.ReceivedAt.UTC(),
			Retention: wireRetention{kept.Text, kept.Position}})
	})
}

func (a *API) eraseReceipt(c *gin.Context) error {
	return a.ownReceipt(c, func(city *hexmap.City, digest []byte) error {
		if err := a.Store.EraseSignalement(c.Request.Context(), city.Code, digest); err != nil {
			return err
		}
		a.Maps.Touch(city.Code)
		return answer(c, http.StatusOK, mediaJSON, gin.H{"erased": true})
	})
}

// conservationRoutes say how long things are kept, and what is past it.
func (a *API) conservationRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Path: "/api/v1/conservation", Handle: a.conservation},
		{Method: http.MethodPut, Path: "/api/v1/conservation", Handle: a.setConservation},
		{Method: http.MethodGet, Path: "/api/v1/conservation/etat", Handle: a.pastRetention},
		{Method: http.MethodGet, Path: "/api/v1/notice", Handle: a.notice},
	}
}

type wireConservation struct {
	TextMonths     int `json:"text_months"`
	PositionMonths int `json:"position_months"`
	ContactMonths  int `json:"contact_months"`
}

func (a *API) conservation(c *gin.Context) error {
	city, err := a.territoire(c)
	if err != nil {
		return err
	}
	kept, err := a.Store.Conservation(c.Request.Context(), city.Code)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, mediaJSON, wireConservation{kept.Text, kept.Position, kept.Contact})
}

func (a *API) setConservation(c *gin.Context) error {
	city, err := a.territoire(c)
	if err != nil {
		return err
	}
	var sent wireConservation
	if err := bodyOf(c).Decode(&sent); err != nil {
		return err
	}
	kept := atelier.Conservation{Text: sent.TextMonths, Position: sent.PositionMonths, Contact: sent.ContactMonths}
	if err := kept.Check(); err != nil {
		return err
	}
	if err := a.Store.SetConservation(c.Request.Context(), city.Code, kept); err != nil {
		return err
	}
	return answer(c, http.StatusOK, mediaJSON, sent)
}

func (a *API) pastRetention(c *gin.Context) error {
	city, err := a.territoire(c)
	if err != nil {
		return err
	}
	r, err := a.Store.PastRetention(c.Request.Context(), city.Code, a.Now())
	if err != nil {
		return err
	}
	runs, err := a.Store.Purges(c.Request.Context(), city.Code, purgesShown)
	if err != nil {
		return err
	}
	kept, err := a.Store.Conservation(c.Request.Context(), city.Code)
	if err != nil {
		return err
	}
	out := wirePast{wireReport: newWireReport(r), Purges: make([]wirePurge, len(runs)), Retentions: report.Retentions(c.DefaultQuery("lang", "fr"), kept)}
	for i, run := range runs {
		out.Purges[i] = wirePurge{run.At.UTC(), newWireReport(run.PurgeReport)}
	}
	return answer(c, http.StatusOK, mediaJSON, out)
}

// purgesShown are those of a fortnight, at four a day.
const purgesShown = 56

type wireRetained struct {
	Past  int `json:"past"`
	Total int `json:"total"`
}

type wireReport struct {
	wireRetained
	Texts     wireRetained `json:"texts"`
	Positions wireRetained `json:"positions"`
	Logs      wireRetained `json:"logs"`
	Contacts  wireRetained `json:"contacts"`
	Journal   wireRetained `json:"journal"`
}

func newWireReport(r store.PurgeReport) wireReport {
	return wireReport{wireRetained(r.Sum()), wireRetained(r.Texts), wireRetained(r.Positions), wireRetained(r.Logs), wireRetained(r.Contacts), wireRetained(r.Journal)}
}

type wirePurge struct {
	At time.Time `json:"at"`
	wireReport
}

type wirePast struct {
	wireReport
	Purges     []wirePurge       `json:"purges"`
	Retentions []report.Retained `json:"retentions"`
}

type wireParticipant struct {
	ID      uuid.UUID `json:"id"`
	Table   int       `json:"table"`
	Rang    int       `json:"rang"`
	Code    string    `json:"code"`
	Markers int       `json:"markers"`
	Remarks int       `json:"remarks"`
}

// participants are the residents of a room as pseudonyms, each with the code that
// its device shows: somebody who asks to be erased is found by it, or by the table
// and the order of arrival.
func (a *API) participants(c *gin.Context, room atelier.Atelier, p auth.Principal) error {
	if p.Role == auth.Habitant {
		return errNotForRole
	}
	all, err := a.Store.Participants(c.Request.Context(), room.Territoire, room.ID)
	if err != nil {
		return err
	}
	out := make([]wireParticipant, len(all))
	for i, one := range all {
		out[i] = wireParticipant{one.ID, one.Numero, one.Rang, atelier.ErasureCode(one.ID), one.Markers, one.Remarks}
	}
	c.Header("Cache-Control", "no-store")
	return answer(c, http.StatusOK, mediaJSON, gin.H{"participants": out})
}

// notice is the information notice, from the settings that are in force.
func (a *API) notice(c *gin.Context) error {
	city, err := a.territoire(c)
	if err != nil {
		return err
	}
	kept, err := a.Store.Conservation(c.Request.Context(), city.Code)
	if err != nil {
		return err
	}
	language := c.DefaultQuery("lang", "fr")
	sections := report.Notice(language, report.Privacy{Commune: city.Nom, Conservation: kept, DPO: a.DPO})
	return answer(c, http.StatusOK, mediaJSON, gin.H{"lang": language, "sections": sections})
}
