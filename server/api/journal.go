package api

import (
	"bytes"
	"cmp"
	"encoding/csv"
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

// finalites are the reasons for which staff reads precise points or texts. A
// request names one in the header Finalite; without it the log says so.
var finalites = []string{"restitution", "diagnostic", "patrouille", "reponse", "moderation", "suivi", "signalement", "verification", "invitation"}

const noFinalite = "non_precisee"

// loggedFilters are what a line says of a request: never a position or a text.
var loggedFilters = []string{"quartier", "theme", "from", "to", "state"}

// Words of the table of the log.
var (
	objetWords  = map[string]string{"signalements": "signalements, avec leur position", "textes": "textes d’habitants", "contacts": "noms et adresses de personnes à inviter"}
	filterWords = map[string]string{"quartier": "quartier", "theme": "thème", "from": "du", "to": "au", "state": "textes"}
	stateWords  = map[string]string{"held": "à lire", "published": "publiés", "redacted": "expurgés", "withheld": "refusés", "hidden": "masqués"}

	finaliteWords = map[string]string{"restitution": "préparer une restitution", "diagnostic": "établir le diagnostic",
		"reponse": "préparer une réponse", "patrouille": "orienter les patrouilles", "moderation": "modérer", "suivi": "suivre une action",
		"signalement": "répondre à un signalement", "verification": "vérifier une donnée", "invitation": "inviter à un atelier", noFinalite: "non précisé"}
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

// consulted writes a line of the access log before an answer with precise
// points, raw texts or contacts leaves: what cannot be logged is not shown.
// Residents read their own. usual is the reason for which the route is there,
// when the request names none; "" where there may be several.
func (a *API) consulted(c *gin.Context, objet, usual string, elements int) error {
	p := a.principal(c)
	if p.Role == auth.Public || p.Role == auth.Habitant {
		return nil
	}
	why := c.GetHeader("Finalite")
	if !slices.Contains(finalites, why) {
		why = cmp.Or(usual, noFinalite)
	}
	details := map[string]string{}
	for _, name := range loggedFilters {
		if v := c.Query(name); v != "" {
			details[name] = v
		}
	}
	return a.Store.AddConsultation(c.Request.Context(), store.Consultation{Territoire: p.Territoire, Compte: p.Compte, Nom: p.Nom,
		Role: string(p.Role), Objet: objet, Finalite: why, Elements: elements, Details: details})
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
