package api

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"quietude/server/atelier"
	"quietude/server/auth"
	"quietude/server/export"
	"quietude/server/fault"
	"quietude/server/report"
	"quietude/server/store"
)

// journalRoutes let the data protection officer read who read what.
func (a *API) journalRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Path: "/api/v1/journal", Handle: a.journal},
		{Method: http.MethodGet, Path: "/api/v1/journal.csv", Handle: a.journalCSV},
	}
}

// reading is what a route shows the staff that the access log is for, and the
// reasons for which it may be read. The request names one in the header Finalite;
// usual is that of a request that names none, where it is known.
type reading struct {
	objet     string
	finalites []string
	usual     string
}

// What is read of precise points, texts and contacts.
const (
	readPoints   = "signalements"
	readTexts    = "textes"
	readContacts = "contacts"
	readMarkers  = "reperes"
)

// chosen are the reasons of whoever prepares or answers something: only the
// person knows which it is.
var chosen = []string{"patrouille", "reponse", "diagnostic", "restitution", "suivi", "signalement", "verification"}

var (
	moderating = reading{readTexts, []string{"moderation"}, "moderation"}
	inviting   = reading{readContacts, []string{"invitation"}, "invitation"}
	animating  = reading{readMarkers, []string{"animation"}, "animation"}
	drafting   = reading{readTexts, []string{"animation"}, "animation"}
	// What only sometimes has something that is not for everybody's eyes is also read for
	// other reasons, by those who find nothing of it there as well.
	speaking = reading{readMarkers, append([]string{"animation"}, chosen...), "animation"}
	deciding = reading{readTexts, append([]string{"moderation"}, chosen...), "moderation"}
)

// readings are the routes by which staff reads precise points, residents' texts or
// how people can be reached, as the table of rights names them.
var readings = map[string]reading{
	"GET /api/v1/signalements":                         {readPoints, chosen, ""},
	"GET /api/v1/statistiques/lieux/{h3}/signalements": {readPoints, chosen, ""},
	"GET /api/v1/textes":                               {readTexts, chosen, ""},
	"GET /api/v1/moderation":                           moderating,
	"GET /api/v1/moderation/{objet}/{id}":              moderating,
	"GET /api/v1/ateliers/{id}/reporters":              inviting,
	"GET /api/v1/ateliers/{id}/invitations":            inviting,
	"POST /api/v1/ateliers/{id}/invitations":           inviting,
	"GET /api/v1/ateliers/{id}/lettres.pdf":            inviting,
	"GET /api/v1/ateliers/{id}/snapshot":               animating,
	"GET /api/v1/ateliers/{id}/markers":                animating,
	"GET /api/v1/ateliers/{id}/ops":                    animating,
	"GET /api/v1/ateliers/{id}/stream":                 animating,
	"GET /api/v1/ateliers/{id}/compte-rendu.html":      drafting,
	"GET /api/v1/ateliers/{id}/compte-rendu.pdf":       drafting,
	"GET /api/v1/ateliers/{id}/compte-rendu.odt":       drafting,
	"GET /api/v1/ateliers/{id}/findings":               speaking,
	"GET /api/v1/ateliers/{id}/suggestions":            speaking,
	"GET /api/v1/findings":                             deciding,
	"GET /api/v1/actions":                              deciding,
	"GET /api/v1/actions/{action}":                     deciding,
	"GET /api/v1/actions/{action}/suivi":               deciding,
	"POST /api/v1/actions/{action}/suivi":              deciding,
}

// Readings lists the routes whose use by staff is written to the access log, with
// the reasons for which they may be read.
func Readings() map[string][]string {
	all := map[string][]string{}
	for route, r := range readings {
		all[route] = slices.Clone(r.finalites)
	}
	return all
}

var (
	errNoFinalite    = fault.New(fault.Invalid, "finalite_absente", "Dites pourquoi vous consultez ces précisions : choisissez une raison de la liste (en-tête Finalite).").At("Finalite")
	errOtherFinalite = fault.New(fault.Invalid, "finalite_inconnue", "Cette raison n’est pas de celles pour lesquelles on consulte ces précisions.").At("Finalite")
)

// finaliteOf is why a visitor uses a route that the access log is for; residents
// and the public read their own, and nothing is asked of them.
func finaliteOf(c *gin.Context, v visitor) (string, error) {
	r, logged := readings[v.route]
	if !logged || v.Role == auth.Public || v.Role == auth.Habitant {
		return "", nil
	}
	switch named := c.GetHeader("Finalite"); {
	case named == "" && r.usual == "":
		return "", errNoFinalite
	case named == "":
		return r.usual, nil
	case slices.Contains(r.finalites, named):
		return named, nil
	}
	return "", errOtherFinalite
}

// loggedFilters are what a line says of a request: never a position or a text.
var loggedFilters = []string{"quartier", "theme", "from", "to", "state"}

// Words of the table of the log.
var (
	objetWords  = map[string]string{readPoints: "signalements, avec leur position", readTexts: "textes d’habitants", readContacts: "noms et adresses de personnes à inviter", readMarkers: "repères et paroles d’un atelier"}
	filterWords = map[string]string{"quartier": "quartier", "theme": "thème", "from": "du", "to": "au", "state": "textes"}
	stateWords  = map[string]string{"held": "à lire", "published": "publiés", "redacted": "expurgés", "withheld": "refusés", "hidden": "masqués"}

	finaliteWords = map[string]string{"restitution": "préparer une restitution", "diagnostic": "établir le diagnostic",
		"reponse": "préparer une réponse", "patrouille": "orienter les patrouilles", "moderation": "modérer", "suivi": "suivre une action",
		"signalement": "répondre à un signalement", "verification": "vérifier une donnée", "invitation": "inviter à un atelier", "animation": "animer un atelier",
		"non_precisee": "non précisé"} // before each reading had one
)

// filterInWords is a filter of a logged request as it is read.
func filterInWords(name, value string) string {
	switch name {
	case "state":
		value = cmp.Or(stateWords[value], value)
	case "theme":
		codes := strings.Split(value, ",")
		for i, code := range codes {
			codes[i] = cmp.Or(report.ThemeNames[atelier.Theme(code)], code)
		}
		value = strings.Join(codes, " et ")
	}
	return filterWords[name] + " " + value
}

// consultation is a line of the access log about what a visitor is about to read;
// ok is false for residents, who read their own. A route that shows what the log is
// for and has no reading is a mistake of the programmer: nothing is shown.
func (a *API) consultation(c *gin.Context, elements int) (line store.Consultation, ok bool, err error) {
	v := visiting(c)
	if v.Role == auth.Public || v.Role == auth.Habitant {
		return line, false, nil
	}
	if v.finalite == "" {
		return line, false, fmt.Errorf("%s has no reading", v.route)
	}
	return store.Consultation{Territoire: v.Territoire, Compte: v.Compte, Nom: v.Nom, Role: string(v.Role),
		Objet: readings[v.route].objet, Finalite: v.finalite, Elements: elements}, true, nil
}

// consulted writes a line of the access log before an answer with precise
// points, raw texts or contacts leaves: what cannot be logged is not shown.
func (a *API) consulted(c *gin.Context, elements int) error {
	line, ok, err := a.consultation(c, elements)
	if !ok {
		return err
	}
	line.Details = map[string]string{}
	for _, name := range loggedFilters {
		if v := c.Query(name); v != "" {
			line.Details[name] = v
		}
	}
	return a.Store.AddConsultation(c.Request.Context(), line)
}

// watched is consulted for the markers and the words of a room. A page that stays open reads on
// all evening: it leaves one line each half hour. While the database cannot take
// anything new, an evening that is led goes on all the same, and the log of the
// program says that lines are missing.
func (a *API) watched(c *gin.Context, at atelier.Atelier, elements int) error {
	line, ok, err := a.consultation(c, elements)
	if !ok {
		return err
	}
	err = a.Store.AddRoomConsultation(c.Request.Context(), line, at.ID)
	if store.IsReadOnly(err) {
		a.Logger.Warn("une lecture de repères n’est pas au journal des consultations : la base ne peut rien enregistrer")
		return nil
	}
	return err
}

type wireConsultation struct {
	ID       uuid.UUID         `json:"id"`
	At       time.Time         `json:"at"`
	Nom      string            `json:"nom"`
	Role     string            `json:"role"`
	Objet    string            `json:"objet"`
	Finalite string            `json:"finalite"`
	Elements int               `json:"elements"`
	Details  map[string]string `json:"details"`
}

// journalLimit is how many lines are read at once; the newest come first.
const journalLimit = 5000

func (a *API) readJournal(c *gin.Context, limit int) ([]atelier.Consultation, error) {
	city, err := a.territoire(c)
	if err != nil {
		return nil, err
	}
	from, to, err := readPeriod(c.Query("from"), c.Query("to"), city.Zone, a.Now())
	if err != nil {
		return nil, err
	}
	if to.IsZero() {
		to = time.Now().Add(time.Hour) // the database's clock writes the lines
	}
	return a.Store.Consultations(c.Request.Context(), city.Code, c.Query("role"), c.Query("finalite"), from, to, limit)
}

func (a *API) journal(c *gin.Context) error {
	found, err := a.readJournal(c, intQuery(c, "limit", 200))
	if err != nil {
		return err
	}
	out := make([]wireConsultation, len(found))
	for i, one := range found {
		out[i] = wireConsultation{one.ID, one.At.UTC(), one.Nom, one.Role, one.Objet, one.Finalite, one.Elements, one.Details}
	}
	c.Header("Cache-Control", "no-store")
	return answer(c, http.StatusOK, mediaJSON, gin.H{"consultations": out})
}

func (a *API) journalCSV(c *gin.Context) error {
	found, err := a.readJournal(c, journalLimit)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write([]string{"date", "nom", "role", "objet", "finalite", "elements", "filtres"}) // a buffer never fails
	for _, one := range found {
		var filters []string
		for _, name := range loggedFilters {
			if v := one.Details[name]; v != "" {
				filters = append(filters, filterInWords(name, v))
			}
		}
		_ = w.Write([]string{one.At.UTC().Format(time.RFC3339), export.Escape(one.Nom), auth.Role(one.Role).Words(), cmp.Or(objetWords[one.Objet], one.Objet),
			cmp.Or(finaliteWords[one.Finalite], one.Finalite), strconv.Itoa(one.Elements), export.Escape(strings.Join(filters, ", "))})
	}
	w.Flush()
	c.Header("Cache-Control", "no-store")
	c.Header("Content-Disposition", `attachment; filename="journal-des-consultations.csv"`)
	c.Data(http.StatusOK, "text/csv; charset=utf-8", b.Bytes())
	return nil
}
