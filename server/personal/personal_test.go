package personal_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"quietude/server/personal"
)

// marked reads a text whose findings are written {kind:passage}.
func marked(t *testing.T, s string) (text string, findings []personal.Finding) {
	t.Helper()
	var b strings.Builder
	at := 0
	for _, m := range regexp.MustCompile(`\{(\w+):([^}]*)\}`).FindAllStringSubmatchIndex(s, -1) {
		b.WriteString(s[at:m[0]])
		f := personal.Finding{Kind: personal.Kind(s[m[2]:m[3]]), Start: b.Len()}
		if !slices.Contains(personal.Kinds, f.Kind) {
			t.Fatalf("%q is no kind", f.Kind)
		}
		b.WriteString(s[m[4]:m[5]])
		f.End = b.Len()
		findings = append(findings, f)
		at = m[1]
	}
	b.WriteString(s[at:])
	return b.String(), findings
}

func show(text string, findings []personal.Finding) string {
	var b strings.Builder
	for _, s := range personal.Segments(text, findings) {
		if s.Kind == "" {
			b.WriteString(s.Text)
		} else {
			b.WriteString("{" + string(s.Kind) + ":" + s.Text + "}")
		}
	}
	return b.String()
}

var city = personal.New("Rue Jean-Pierre Veyrat", "Rue Martin Luther King", "Avenue Marius Berroir", "Rue Carnot",
	"Place Saint-Léger", "Pont Aristide Briand", "Lycée Louis Armand", "Chambéry-le-Vieux", "Les Hauts-de-Chambéry")

// texts are of the kind that residents write. Persons are invented.
var texts = []string{
	// E-mails, links, accounts.
	"Écrivez à {email:jeanne.durand@exemple.fr} pour avoir les vidéos.",
	"mon mail : {email:k.benali73@mail.exemple.com}, merci",
	"{email:paul (at) exemple.fr} ou {email:paul arobase exemple point fr}",
	"Tout est sur {link:https://exemple.fr/videos?id=3}.",
	"voir {link:www.exemple.org/groupe} ({link:exemple.fr})",
	"Il poste sur {link:@le_dealer73} tous les soirs.",

	// Telephone numbers, and numbers that are not.
	"Appelez-moi au {phone:06 12 34 56 78} après 18 h.",
	"{phone:0612345678}",
	"tél. {phone:04.79.60.20.20}, le soir",
	"{phone:+33 6 12 34 56 78} ou {phone:0033612345678} ou {phone:+33 (0)6 12 34 56 78}",
	"{phone:06-12-34-56-78} / {phone:06 12 34 56 78}",
	"Son numéro suisse {phone:+41 79 123 45 67}.",
	"J’ai appelé le 17, puis le 112, et le 3919 le lendemain.",
	"Le 12/03/2026 à 22:30, puis le 14/03/2026.",
	"Référence du dossier 20260312001, 1 500 € de dégâts.",

	// Plates.
	"Scooter {plate:AB-123-CD} sans casque.",
	"la voiture {plate:ab123cd} et la {plate:AB 123 CD}",
	"clio grise {plate:ab-123-cd}, tous les jours",
	"une vieille R5 {plate:1234 AB 73}, épave",
	"{plate:123 ABC 73} et {plate:456 XY 2A} et {plate:12ABC974}",
	"Elle roule à plus de 100 km à l’heure.",
	"On compte de 120 au moins à 200 personnes.",
	"Ils crient de 22 h 30 à 02 h 15, puis à 3 H 20.",
	"Le bus 1 et le bus 12, ligne A, arrêt 14.",
	"à 50 m de 12 garages, 3 en 20 minutes",

	// Addresses: the number of the door, not the street.
	"Au {address:12} rue Dacquin, tous les soirs.",
	"{address:12 bis}, avenue de Lyon et {address:4} place Monge",
	"Chez les gens du {address:27} de la rue de la République.",
	"devant le {address:n° 8} chemin des Moulins",
	"{address:Appartement 24}, {address:3e étage gauche}",
	"{address:appt 12} ; {address:porte 4} ; {address:boîte aux lettres 31}",
	"Les voisins du {address:deuxième étage} font la fête.",
	"{address:Hall 3} rue du Laurier : ils fument.",
	"{address:entrée B}, l’interphone est cassé",
	"celui qui {address:habite au 14}",
	"À l’entrée 2 scooters bloquent le passage.",
	"L’entrée a été forcée, le hall à minuit est plein.",
	"Vers 22 h 30 rue Dacquin, des cris ; à 23:15 place Monge aussi.",
	"Bus 1 avenue de Lyon, arrêt de la gare.",
	"Il y a 3 rues sans lumière et 2 places vides.",
	"Ils prennent 1 place de parking à deux.",
	"En 2025 rue Ronde c’était calme.",

	// Names.
	"{name:Karim Benali} vend au pied de la tour.",
	"C’est toujours {name:Kevin} et {name:Mathis}.",
	"Le petit {name:mohamed} du quartier",
	"Mme {name:Lefèvre} a peur de sortir, M. {name:Traoré} aussi.",
	"Monsieur {name:Nguyen Van Minh} dort dans le hall.",
	"M. et Mme {name:de Boigne} ont déménagé.",
	"La famille {name:Le Goff} crie la nuit.",
	"les frères {name:El Haddad} en scooter",
	"Un jeune nommé {name:Zizou} ; il s’appelle {name:Tiago}.",
	"{name:DUPONT Karim} et {name:Jean-Pierre DURAND} se battent.",
	"{name:Marie-Ange} et {name:Fatoumata D}. se disputent.",
	"{name:Pierre Martin} habite là. {name:Pierre} crie toute la nuit.",
	"Avec {name:Zeynep Yılmaz} et {name:Élodie}.",

	// Streets, places, offices, words: no names.
	"Rue Jean-Pierre Veyrat, il fait noir.",
	"rue jean-pierre veyrat il fait noir",
	"Devant le lycée Louis Armand et l’école Jean Rostand.",
	"Avenue Marius Berroir, place Pierre Dumas, quai Charles Ravet.",
	"Au parc Olivier Messiaen, square Jules Gauthier.",
	"Rue du Docteur Vernier et rue Martin Luther King",
	"Le quartier Bissy, le Biollay, Laurier, Bellevue, les Hauts-de-Chambéry, Chambéry-le-Vieux.",
	"L’église Saint-Pierre de Lémenc et la place Saint-Léger, la Saint-Jean.",
	"Monsieur le Maire, Madame la Directrice, merci de faire quelque chose.",
	"Pierre sur la chaussée. Rose des vents effacée.",
	"Une pierre, un jean, la lumière claire, une rose, au max.",
	"J’aime ce parc, il est clair et constant.",
	"IL Y A DU BRUIT TOUS LES SOIRS SOUS LE PONT",
	"Les correspondants de nuit sont passés, la police aussi.",
	"Lampadaire en panne depuis 3 semaines, on ne voit rien.",
	"",

	// Together.
	"{name:Karim} ({phone:06 12 34 56 78}) gare sa {plate:AB-123-CD} au {address:3 ter} rue Jean-Pierre Veyrat.",
}

func TestFind(t *testing.T) {
	t.Parallel()
	for _, s := range texts {
		text, want := marked(t, s)
		got := city.Find(text)
		if !slices.Equal(got, want) {
			t.Errorf("got  %s\nwant %s", show(text, got), s)
		}
	}
}

// TestWithoutPlaces reads the same texts without the city's own names, by the
// word before a street alone.
func TestWithoutPlaces(t *testing.T) {
	t.Parallel()
	bare := personal.New()
	for _, s := range texts {
		text, want := marked(t, s)
		if got := bare.Find(text); !slices.Equal(got, want) {
			t.Errorf("got  %s\nwant %s", show(text, got), s)
		}
	}
}

// TestWrittenOtherwise writes each text as other keyboards do: with plain
// apostrophes, with letters taken apart from their accents, with hard spaces.
func TestWrittenOtherwise(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(string) string{
		"apostrophe": func(s string) string { return strings.ReplaceAll(s, "’", "'") },
		"apart":      norm.NFD.String,
		"hard space": func(s string) string { return strings.ReplaceAll(s, " ", "\u00a0") },
	} {
		for _, s := range texts {
			if name == "hard space" && !strings.Contains(s, "{phone") && !strings.Contains(s, "{plate") {
				continue
			}
			text, want := marked(t, change(s))
			got := city.Find(text)
			if len(got) != len(want) {
				t.Errorf("%s: got %s\nwant %s", name, show(text, got), change(s))
			}
		}
	}
}

func TestRedact(t *testing.T) {
	t.Parallel()
	text, findings := marked(t, "Le {plate:AB-123-CD} de {name:Kevin} au {address:12 bis} rue Ronde")
	if got, want := personal.Redact(text, findings), "Le […] de […] au […] rue Ronde"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := city.Find(personal.Redact(text, findings)); len(got) != 0 {
		t.Errorf("found again after redaction: %v", got)
	}
}

// FuzzFind holds what every reader of findings relies on, whatever the text.
func FuzzFind(f *testing.F) {
	for _, s := range texts {
		f.Add(regexp.MustCompile(`\{\w+:([^}]*)\}`).ReplaceAllString(s, "$1"))
	}
	f.Add("12 bis, rue" + strings.Repeat(" ", 300))
	f.Add(strings.Repeat("0 ", 140))
	f.Add("M. et Mme et M. et Mme de la du Le")
	f.Add("\u0301\u0301 É\u0301ric\xff Jean-‑- -")
	f.Fuzz(func(t *testing.T, text string) {
		findings := city.Find(text)
		last := 0
		for _, x := range findings {
			if x.Start < last || x.End <= x.Start || x.End > len(text) {
				t.Fatalf("%v after %d in %d bytes", x, last, len(text))
			}
			if utf8.ValidString(text) && !utf8.ValidString(text[x.Start:x.End]) {
				t.Fatalf("%v cuts a character", x)
			}
			last = x.End
		}
		var whole strings.Builder
		for _, s := range personal.Segments(text, findings) {
			whole.WriteString(s.Text)
		}
		if whole.String() != text {
			t.Fatalf("segments give %q, not %q", whole.String(), text)
		}
	})
}
