package report

import (
	"cmp"
	"fmt"
	"strings"

	"quietude/server/atelier"
)

// Privacy is what the notice and the record of processing depend on.
type Privacy struct {
	Commune      string // name, without « ville de »
	Conservation atelier.Conservation
	DPO          string // how to reach the data protection officer; "" when not configured
}

// Section is a part of a notice: a title, paragraphs, and a table whose first
// row is its head; nil when there is none.
type Section struct {
	Title      string     `json:"title"`
	Paragraphs []string   `json:"paragraphs,omitempty"`
	Table      [][]string `json:"table,omitempty"`
}

// Notice is what a person is told before they give anything (RGPD, articles 12
// and 13), in French, or in English for the language en. It says the settings
// in force and nothing that the program does not do.
func Notice(language string, p Privacy) []Section {
	if language == "en" {
		return noticeEnglish(p)
	}
	return spaced(noticeFrench(p))
}

// thin puts a narrow no-break space (U+202F) before high punctuation and inside
// guillemets, as the pages do.
var thin = strings.NewReplacer(" ;", "\u202f;", " :", "\u202f:", " ?", "\u202f?", "« ", "«\u202f", " »", "\u202f»")

func spaced(sections []Section) []Section {
	for i := range sections {
		s := &sections[i]
		s.Title = thin.Replace(s.Title)
		for j := range s.Paragraphs {
			s.Paragraphs[j] = thin.Replace(s.Paragraphs[j])
		}
		for _, row := range s.Table {
			for j := range row {
				row[j] = thin.Replace(row[j])
			}
		}
	}
	return sections
}

func noticeFrench(p Privacy) []Section {
	c := p.Conservation
	return []Section{
		{Title: "Qui, et pourquoi", Paragraphs: []string{
			fmt.Sprintf("La Ville de %s recueille où l’on se sent en sécurité ou non, et ce qui trouble la tranquillité, pour y répondre avec la police et ses partenaires et dire ce qui a été fait.", p.Commune),
			"Base légale : mission d’intérêt public de prévention de la délinquance (RGPD, article 6.1.e). Rien n’est obligatoire, et ne rien donner n’a pas de conséquence.",
			"Ce service ne remplace pas un appel d’urgence : 17, 112, ou 114 par message.",
		}},
		{Title: "Ce qui est gardé, et combien de temps", Paragraphs: []string{
			"Ni compte, ni nom, ni photo, ni vidéo, ni son. Votre appareil garde un secret ; le service n’en connaît qu’un pseudonyme, propre à un seul atelier.",
		}, Table: [][]string{
			{"Donnée", "Durée", "Ensuite"},
			{"Textes libres (280 caractères au plus), et ce que votre table a noté", duration(c.Text), "effacés"},
			{"Position exacte d’un repère ou d’un signalement", duration(c.Position), "remplacée par le centre d’une maille d’environ 50 m"},
			{"Lien entre un appareil, ses repères et ses points donnés", duration(c.Position), "détruit"},
			{"Adresse laissée pour être recontacté, invitation et réponse", duration(c.Contact), "effacées"},
			{"Suivi d’un atelier, réponses à « est-ce mieux ? » et adresse donnée pour cela", duration(c.Contact), "effacés ; une adresse non confirmée, au bout d’une semaine"},
			{"Cartes publiées (nombres par zone, à partir de 5 personnes)", "sans limite", "elles ne concernent plus personne"},
		}},
		{Title: "Qui voit quoi", Table: [][]string{
			{"Qui", "Voit"},
			{"Votre table", "vos repères pendant l’atelier, sans vos textes ; ce que vous notez pour la table"},
			{"Animateur de l’atelier", "les repères et les textes, pour les relire avant tout usage ; les adresses laissées, pour inviter"},
			{"La salle, sur l’écran", "les repères sans auteur, et les apports des tables une fois relus"},
			{"Police nationale et municipale", "les lieux des signalements et les textes relus, sans savoir qui ; chaque lecture est notée"},
			{"Personne", "votre réponse à « est-ce mieux ? » : les agents voient des nombres, à partir de cinq réponses"},
			{"Analyste de la Ville", "des nombres par zone, aucun point, aucun texte"},
			{"Bailleurs", "ce qui est publié, et leurs propres actions"},
			{"Public", "des nombres par zone, seulement là où au moins cinq personnes ont parlé"},
		}, Paragraphs: []string{
			"Aucun texte d’habitant ne quitte sa table avant qu’une personne l’ait lu. Le service signale à cette personne les noms, plaques, téléphones et adresses ; il le fait sur place, sans rien envoyer à personne.",
		}},
		{Title: "Vos droits", Paragraphs: []string{
			"À votre table : « Ma contribution » montre tout ce que vous avez donné, permet de l’emporter et de tout effacer, aussitôt et sans explication. Après la soirée, ou sans cet appareil, demandez-le à l’animateur avec le code qui y est écrit, ou votre table et votre rang.",
			"Pour un signalement : gardez le code du reçu. Il permet de le relire et de l’effacer.",
			"Pour le suivi d’un atelier : la page « Est-ce mieux ? » montre vos réponses, retire votre adresse ou efface tout, aussitôt. Chaque courriel y mène.",
			"Une carte déjà publiée ne change pas : elle ne contient que des nombres et ne permet plus de savoir qui a parlé.",
			"Accès, rectification, effacement, limitation, opposition : " + contactFrench(p) + ". Vous pouvez aussi saisir la CNIL (cnil.fr).",
		}},
	}
}

func contactFrench(p Privacy) string {
	return cmp.Or(p.DPO, "la mairie, délégué·e à la protection des données")
}

func duration(n int) string {
	if n%12 == 0 && n > 12 {
		return fmt.Sprintf("%d mois (%d ans)", n, n/12)
	}
	return fmt.Sprintf("%d mois", n)
}

func noticeEnglish(p Privacy) []Section {
	c := p.Conservation
	span := func(n int) string {
		if n == 1 {
			return "1 month"
		}
		return fmt.Sprintf("%d months", n)
	}
	return []Section{
		{Title: "Who, and why", Paragraphs: []string{
			fmt.Sprintf("The city of %s collects where people feel safe or unsafe and what disturbs the peace, to answer it with the police and its partners and to say what was done.", p.Commune),
			"Legal basis: a task of public interest, the prevention of crime (GDPR, article 6.1.e). Nothing is compulsory, and giving nothing has no consequence.",
			"This service does not replace an emergency call: 17, 112, or 114 by text message.",
		}},
		{Title: "What is kept, and for how long", Paragraphs: []string{
			"No account, no name, no photo, no video, no sound. Your device keeps a secret; the service knows only a pseudonym of it, for one atelier alone.",
		}, Table: [][]string{
			{"Data", "Time", "Then"},
			{"Free texts (280 characters at most), and what your table noted", span(c.Text), "deleted"},
			{"Exact position of a marker or a report", span(c.Position), "replaced by the centre of a cell of about 50 m"},
			{"Link between a device, its markers and its dots", span(c.Position), "destroyed"},
			{"Address left to be written to, invitation and answer", span(c.Contact), "deleted"},
			{"Following an atelier, answers to “is it better?” and an address given for that", span(c.Contact), "deleted; an address that was not confirmed, after a week"},
			{"Published maps (numbers per area, from 5 people on)", "no limit", "they are about nobody any more"},
		}},
		{Title: "Who sees what", Table: [][]string{
			{"Who", "Sees"},
			{"Your table", "your markers during the atelier, without your texts; what you note for the table"},
			{"Who leads the atelier", "markers and texts, to read them before any use; the addresses left, to invite"},
			{"The hall, on the screen", "markers without an author, and what tables noted once it was read"},
			{"National and municipal police", "places of reports and texts that were read, not who wrote them; each reading is logged"},
			{"Nobody", "your answer to “is it better?”: the staff see numbers, from five answers on"},
			{"Analyst of the city", "numbers per area, no point, no text"},
			{"Social landlords", "what is published, and their own actions"},
			{"Public", "numbers per area, only where at least five people spoke"},
		}, Paragraphs: []string{
			"No resident's text leaves its table before a person has read it. The service points out names, plates, telephone numbers and addresses to that person; it does so on the spot and sends nothing to anybody.",
		}},
		{Title: "Your rights", Paragraphs: []string{
			"At your table: “My contribution” shows all that you gave, lets you take it away and erase it, at once and without giving a reason. After the evening, or without this device, ask who led it with the code written there, or your table and number.",
			"For a report: keep the code of its receipt. It lets you read and erase the report.",
			"For following an atelier: the page “Is it better?” shows your answers, takes your address away or erases everything, at once. Every e-mail leads there.",
			"A map already published does not change: it holds only numbers and no longer tells who spoke.",
			"Access, rectification, erasure, restriction, objection: " + cmp.Or(p.DPO, "the city hall, data protection officer") + ". You may also complain to the CNIL (cnil.fr).",
		}},
	}
}

// Record is the record of the processing (RGPD, article 30), in French: it is
// for a city's data protection officer.
func Record(p Privacy) []Section {
	c := p.Conservation
	tables := [][]string{{"Ce qui est gardé", "Durée", "Ensuite, ou pourquoi", "Tables"}}
	for _, r := range Retentions("fr", c) {
		tables = append(tables, []string{r.What, r.Time, r.Then, r.Tables})
	}
	return append(spaced([]Section{
		{Title: "Fiche du registre", Table: [][]string{
			{"Rubrique", "Contenu"},
			{"Traitement", "Ateliers de tranquillité publique et signalements des habitants"},
			{"Responsable", "Ville de " + p.Commune},
			{"Délégué·e à la protection des données", contactFrench(p)},
			{"Finalités", "Connaître les lieux où l’on se sent en sécurité ou non ; répondre aux troubles signalés ; publier des résultats anonymes et suivre les réponses"},
			{"Base légale", "Mission d’intérêt public (article 6.1.e)"},
			{"Personnes concernées", "Habitants qui participent ou signalent ; personnes que leurs textes pourraient désigner"},
			{"Données", "Pseudonyme par atelier, positions, thèmes et ressentis choisis dans des listes, textes d’au plus " + fmt.Sprint(atelier.NoteLimit) + " caractères relus avant tout usage, date d’envoi ; pour qui suit un atelier, un code propre à cet atelier, des réponses oui ou non et, s’il la donne, une adresse électronique (schéma à part)"},
			{"Données exclues", "Nom, compte, photo, vidéo, son, origine, plaque ; aucune fiche de suspect. La police garde ses données dans ses propres systèmes"},
			{"Destinataires", "Animateurs de la commune ; police nationale et municipale (lieux des signalements, textes relus, lectures notées) ; analystes (nombres) ; public (éditions à partir de 5 personnes)"},
			{"Transferts hors de l’Union", "Aucun : fond de carte et détection de noms sont servis par la machine elle-même"},
			{"Textes libres", fmt.Sprintf("%d mois après la fin de l’atelier ou la réception, puis effacés (journal compris)", c.Text)},
			{"Positions exactes", fmt.Sprintf("%d mois, puis centre de la maille H3 de résolution 11 (environ 50 m)", c.Position)},
			{"Liens entre appareils et participants, journaux", fmt.Sprintf("%d mois, puis clé détruite et entrées vidées", c.Position)},
			{"Contacts et invitations", fmt.Sprintf("%d mois, puis effacés", c.Contact)},
			{"Suivi d’un atelier (code, réponses, adresse confirmée par son propriétaire)", fmt.Sprintf("%d mois après l’inscription ; adresse non confirmée, une semaine ; sur la page « Est-ce mieux ? », aussitôt", c.Contact)},
			{"Adresses des organisations pilotes", "Celles d’un service, tant qu’il pilote ; les liens qui leur ouvrent leurs actions s’éteignent seuls (90 jours, 60 pour un rappel)"},
			{"Suivi public des réponses", "Textes relus et décidés un par un, sans nom ; retirés sur décision"},
			{"Constats, réponses et actions", "Sans limite : paroles de la collectivité, relues si un nom, un numéro ou une adresse y est repéré"},
			{"Comptes du personnel", "Adresse professionnelle, nom, rôle, mot de passe haché, identité du fournisseur d’identité s’il y en a un ; fermés par l’administrateur"},
			{"Sessions du personnel", "Trois heures sans activité, douze heures au plus, puis effacées ; tentatives chez le fournisseur d’identité, dix minutes"},
			{"Journal des consultations", "Qui a lu quels points, quels textes ou quels contacts, quand et pourquoi ; en ajout seul, sans position ni texte ; lu par la ou le DPO ; douze mois"},
			{"Journal des accès", "Connexions, refus et changements des comptes et des jetons ; l’adresse réseau n’y est qu’un pseudonyme, et une adresse inconnue qu’on a essayée n’y est pas ; en ajout seul ; lu par la ou le DPO et l’administrateur ; douze mois"},
			{"Tâches de fond", "Des identifiants internes, jamais un texte ni une adresse ; effacées un jour après avoir été faites, une semaine si elles ont échoué"},
			{"Éditions publiées", "Sans limite : statistiques anonymes"},
			{"Preuve de la purge", "« quietude purge » et la page « Conservation » : lignes hors délai, 0 sur N, à chaque purge"},
			{"Effacement à la demande", "Immédiat, par la personne ou par l’animateur sur son code : lignes, textes, décisions et liens ; le journal de l’atelier garde ses numéros, vidés"},
		}},
		{Title: "Table par table", Paragraphs: []string{
			"Chaque table de la base a sa ligne ; une table sans ligne arrête les essais, et la purge prend ses durées ici (server/atelier/retention.go).",
		}, Table: tables},
	}), Notice("fr", p)...)
}

// Markdown writes sections under a heading.
func Markdown(title, introduction string, sections []Section) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n", title, introduction)
	cell := strings.NewReplacer("|", `\|`, "\n", " ")
	for _, s := range sections {
		fmt.Fprintf(&b, "\n## %s\n", s.Title)
		for _, p := range s.Paragraphs {
			b.WriteString("\n" + p + "\n")
		}
		for i, row := range s.Table {
			if i == 0 {
				b.WriteString("\n")
			}
			for _, v := range row {
				b.WriteString("| " + cell.Replace(v) + " ")
			}
			b.WriteString("|\n")
			if i == 0 {
				b.WriteString(strings.Repeat("| --- ", len(row)) + "|\n")
			}
		}
	}
	return b.String()
}
