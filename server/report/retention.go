package report

import (
	"fmt"
	"strings"

	"quietude/server/atelier"
)

// kept are the words of a line of atelier.Retentions: what, and what becomes of
// it, or why it stays.
type kept struct{ What, Then string }

var retentionWords = map[string]map[string]kept{
	"fr": {
		"texts":         {"Textes libres des repères, des signalements et des tables, et leurs entrées au journal de la soirée", "effacés"},
		"positions":     {"Positions exactes des repères et des signalements", "remplacées par le centre d’une maille d’environ 50 m"},
		"links":         {"Journal d’une soirée, et liens entre appareils et participants", "entrées vidées, liens effacés, clé des pseudonymes détruite"},
		"contacts":      {"Adresses laissées avec un signalement, invitations et réponses", "effacées"},
		"followers":     {"Suivi d’un atelier : code, adresse, réponses à « est-ce mieux ? »", "effacés"},
		"unconfirmed":   {"Adresse donnée pour suivre un atelier et jamais confirmée", "effacée"},
		"authors":       {"Nom de l’agent qui a relu, publié ou envoyé un lien", "effacé ; la décision, son jour et le rôle restent"},
		"journal":       {"Journal des consultations et des connexions", "effacé"},
		"notices":       {"Courriels partis : à quelle organisation ou quel suivi, sans adresse ni texte", "effacés ; avec le suivi d’un habitant, plus tôt"},
		"pilot_links":   {"Liens donnés aux organisations, après leur fin", "effacés"},
		"account_links": {"Liens d’ouverture d’un compte, après leur fin", "effacés"},
		"drafts":        {"Brouillons d’édition non publiés", "effacés"},
		"purges":        {"Chiffres des purges", "effacés"},
		"erased":        {"Identifiant de ce qu’une personne a effacé, pour que chaque serveur l’oublie", "effacé"},
		"moments":       {"Sessions (12 heures au plus), tentatives de connexion, présence en salle et compteurs de requêtes", "effacés dans l’heure qui suit leur fin"},
		"accounts":      {"Comptes du personnel, codes de secours, jetons de machines", "tant que l’administration garde le compte, ouvert ou fermé : fermé, il n’ouvre plus rien et peut être rouvert"},
		"numbers":       {"Place des participants (table et rang), mailles de 50 m, points donnés, imports", "sans limite : ni appareil ni personne une fois la clé détruite"},
		"evenings":      {"Soirées, tables, institutions présentes (nombres), diapositives et réponses gelées", "sans limite : elles ne disent rien de quelqu’un"},
		"answers":       {"Constats, réponses, actions, organisations et leur suivi public", "sans limite : paroles et engagements de la collectivité, relus quand un nom, un numéro ou une adresse y est repéré"},
		"editions":      {"Éditions publiées et leur registre", "sans limite : nombres anonymes ; le registre empêche de compter deux fois"},
		"reference":     {"Quartiers, rues, repères de la ville, statistiques publiques, réglages", "sans limite : aucune personne"},
	},
	"en": {
		"texts":         {"Free texts of markers, reports and tables, and their entries in the log of the evening", "deleted"},
		"positions":     {"Exact positions of markers and reports", "replaced by the centre of a cell of about 50 m"},
		"links":         {"Log of an evening, and links between devices and participants", "entries emptied, links deleted, key of the pseudonyms destroyed"},
		"contacts":      {"Addresses left with a report, invitations and answers", "deleted"},
		"followers":     {"Following an atelier: code, address, answers to “is it better?”", "deleted"},
		"unconfirmed":   {"Address given to follow an atelier and never confirmed", "deleted"},
		"authors":       {"Name of the agent who read, published or sent a link", "deleted; the decision, its day and the role stay"},
		"journal":       {"Log of readings and sign-ins", "deleted"},
		"notices":       {"E-mails sent: to which organisation or follower, without address or text", "deleted; with what a resident follows, earlier"},
		"pilot_links":   {"Links given to organisations, after their end", "deleted"},
		"account_links": {"Links that open an account, after their end", "deleted"},
		"drafts":        {"Drafts of editions that were not published", "deleted"},
		"purges":        {"Figures of the purges", "deleted"},
		"erased":        {"Identifier of what a person erased, so that every server forgets it", "deleted"},
		"moments":       {"Sessions (12 hours at most), attempts to sign in, presence in the room and counters of requests", "deleted within an hour of their end"},
		"accounts":      {"Accounts of the staff, recovery codes, tokens of machines", "as long as the administration keeps the account, open or closed: closed, it opens nothing and can be opened again"},
		"numbers":       {"Seats of participants (table and rank), cells of 50 m, dots given, imports", "no limit: no device and no person once the key is destroyed"},
		"evenings":      {"Evenings, tables, institutions present (numbers), slides and frozen answers", "no limit: they say nothing about anybody"},
		"answers":       {"Findings, answers, actions, organisations and their public follow-up", "no limit: words and pledges of the authorities, read when a name, a number or an address is found in them"},
		"editions":      {"Published editions and their ledger", "no limit: anonymous numbers; the ledger keeps from counting twice"},
		"reference":     {"Quartiers, streets, landmarks, public statistics, settings", "no limit: no person"},
	},
}

// Retained is a line of what is kept, in words.
type Retained struct {
	What   string `json:"what"`
	Time   string `json:"time"`
	Then   string `json:"then"`
	Tables string `json:"tables"`
}

// Retentions are the lines of atelier.Retentions with the settings of a city.
func Retentions(language string, c atelier.Conservation) []Retained {
	words := retentionWords[language]
	out := make([]Retained, len(atelier.Retentions))
	for i, r := range atelier.Retentions {
		w := words[r.Key]
		out[i] = Retained{What: w.What, Time: ageWords(language, r.Age, c), Then: w.Then, Tables: strings.Join(r.Tables, ", ")}
		if language == "fr" {
			out[i].What, out[i].Then = thin.Replace(w.What), thin.Replace(w.Then)
		}
	}
	return out
}

func ageWords(language string, age atelier.Age, c atelier.Conservation) string {
	months, days := age.In(c)
	unit := func(n int, fr, en, many string) string {
		switch {
		case language == "fr":
			return fmt.Sprintf("%d %s", n, fr)
		case n == 1:
			return "1 " + en
		}
		return fmt.Sprintf("%d %s", n, many)
	}
	switch {
	case months > 0:
		return unit(months, "mois", "month", "months")
	case days == 1 && language == "fr":
		return "1 jour"
	case days > 0:
		return unit(days, "jours", "day", "days")
	}
	return "–"
}
