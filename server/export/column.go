package export

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Column is one column of a table. Name is ASCII and never changes once it was
// given out: it is the header of a CSV file and the property of a map, and comes
// back in other people's programs. Label heads the column for a reader, with its
// unit. About explains what Label cannot say alone; "" where it says all.
type Column struct{ Name, Label, About string }

// Columns are columns by their names. One that nobody has explained has no label,
// and no file is made of it.
func Columns(names ...string) []Column {
	out := make([]Column, len(names))
	for i, name := range names {
		if out[i] = explained[name]; out[i].Name == "" {
			out[i].Name = name
		}
	}
	return out
}

// AllColumns are those of all tables, in the order of their names.
func AllColumns() []Column {
	return slices.SortedFunc(maps.Values(explained), func(a, b Column) int { return strings.Compare(a.Name, b.Name) })
}

// Meaning is what a column says, in one sentence.
func (c Column) Meaning() string {
	if c.About == "" {
		return c.Label
	}
	return c.Label + " : " + c.About
}

func (t Table) check() error {
	seen := map[string]bool{}
	for _, e := range t.Context.entries() {
		seen[e[0]] = true
	}
	for _, c := range t.Columns {
		if c.Label == "" || seen[c.Name] {
			return fmt.Errorf("export: the column %q of %q is not explained, or stands there twice", c.Name, t.Name)
		}
		seen[c.Name] = true
	}
	return nil
}

// Words that many explanations share.
const (
	chance95  = "si seul le hasard du petit nombre jouait, la valeur vraie serait entre les deux bornes 95 fois sur 100"
	ofPeople  = "chaque personne compte une fois"
	ofReports = "chaque signalement compte, même de la même personne"
	aoristic  = "un signalement dont l’heure n’est connue qu’à peu près est réparti sur les heures possibles : le nombre peut avoir des décimales"
	share01   = "de 0 à 1 ; 0,25 veut dire 25 %"
	pMeaning  = "probabilité, de 0 à 1, qu’un écart au moins aussi grand vienne du hasard seul"
)

// bounds are the two ends of an interval at 95 %.
func bounds(of, label, about string) []Column {
	return []Column{
		{of + "borne_basse_95", label + "borne basse (95 %)", about},
		{of + "borne_haute_95", label + "borne haute (95 %)", about},
	}
}

var explained = func() map[string]Column {
	all := []Column{
		// Where.
		{"h3", "Hexagone (H3)", "identifiant de l’hexagone dans la grille H3 ; deux fichiers se joignent par lui"},
		{"lieu", "Lieu", "voie nommée la plus proche du milieu"},
		{"lon", "Longitude (degrés)", "du milieu, WGS 84"},
		{"lat", "Latitude (degrés)", "du milieu, WGS 84"},
		{"ouest", "Bord ouest (degrés)", "longitude, WGS 84"},
		{"est", "Bord est (degrés)", "longitude, WGS 84"},
		{"sud", "Bord sud (degrés)", "latitude, WGS 84"},
		{"nord", "Bord nord (degrés)", "latitude, WGS 84"},
		{"quartier", "Quartier", ""},
		{"quartier_code", "Code du quartier", ""},
		{"quartier_1", "Premier quartier", ""},
		{"quartier_2", "Second quartier", ""},
		{"hexagones", "Hexagones", "nombre d’hexagones du lieu"},
		{"centre", "Hexagone central", "vrai pour l’hexagone où le lieu ressort le plus"},

		// When.
		{"jour", "Jour", "de l’atelier"},
		{"mois", "Mois (année-mois)", ""},
		{"mois_incomplet", "Mois incomplet", "1 si la période ne couvre pas tout le mois, 0 sinon"},
		{"jour_semaine", "Jour de la semaine (1 = lundi)", "de 1, lundi, à 7, dimanche ; heure de la ville"},
		{"heure", "Heure du jour (0 à 23)", "18 veut dire de 18 h à 19 h ; heure de la ville"},
		{"du", "Premier jour", "compris"},
		{"au", "Dernier jour", "compris"},
		{"debut", "Jour de l’atelier", ""},

		// How many.
		{"signalements", "Signalements", ofReports + " ; " + aoristic},
		{"signalants", "Personnes ayant signalé", ofPeople + " ; un signalement anonyme compte pour une personne"},
		{"personnes", "Personnes", ofPeople + " ; un signalement anonyme compte pour une personne"},
		{"participants", "Participants", "habitants présents à l’atelier"},
		{"ayant_marque", "Participants ayant marqué un lieu d’insécurité", ""},
		{"insecurite", "Participants en insécurité ici", "participants différents qui ont marqué l’hexagone comme lieu d’insécurité"},
		{"securite", "Participants en sécurité ici", "participants différents qui ont marqué l’hexagone comme lieu de sécurité"},
		{"partage", "Partage des avis (0 à 1)", "0 : tous disent la même chose ; 1 : autant disent l’un que l’autre ; vide si personne n’a rien marqué"},
		{"nombre", "Nombre", "habitants d’accord sur le lieu, ou signalements du lieu"},
		{"sur", "Sur", "participants de l’atelier, ou signalements en tout"},
		{"attendu_par_hasard", "Attendu par hasard", "nombre moyen si rien ne distinguait ce lieu des autres"},

		// Themes.
		{"theme", "Code de la famille", ""},
		{"libelle", "Famille de thèmes", ""},
		{"part", "Part (0 à 1)", "de toutes les familles ; 0,25 veut dire 25 %"},

		// Readings of a map.
		{"lecture", "Lecture", "« peu » veut dire : pas plus que la moyenne des hexagones où il y a quelque chose"},
		{"ecart_au_dela_du_hasard", "Écart au-delà du hasard", "oui si la part des signalements et celle des voix diffèrent plus que le hasard ne l’explique (Fisher, Benjamini-Hochberg à 5 %)"},
		{"classe", "Classe (1 à 5)", "5 est la plus dense ; les classes commencent à 5, 15, 30, 50 et 75 % du point le plus haut"},
		{"a_partir_de_par_hectare", "À partir de (par hectare)", "densité où commence la classe"},
		{"carte", "Carte", "atelier, ou année"},
		{"titre", "Titre", ""},

		// Places beyond chance.
		{"rang", "Numéro dans la liste", "du lieu le plus surprenant au moins surprenant, non du plus dangereux"},
		{"resultat", "Résultat", ""},
		{"methode", "Méthode", ""},
		{"p", "p (0 à 1)", pMeaning},
		{"tirages", "Tirages au hasard", "nombre de cartes tirées au hasard auxquelles celle-ci est comparée"},
		{"graine", "Graine du hasard", "redonne les mêmes tirages"},

		// Ateliers.
		{"atelier", "Atelier", ""},
		{"atelier_id", "Identifiant de l’atelier", ""},
		{"etat", "État", ""},

		// Recorded statistics.
		{"indicateur", "Indicateur", ""},
		{"unite", "Unité de compte", "celle de la source"},
		{"annee", "Année", ""},
		{"diffusion", "Diffusion", "« non diffusé » : la source ne publie pas ce nombre ; il n’est ni nul ni petit"},
		{"nombre_enregistre", "Nombre enregistré", "vide s’il n’est pas diffusé ou pas renseigné"},
		{"taux_pour_mille", "Taux pour 1 000", "celui de la source"},

		// Change.
		{"grandeur", "Grandeur", ""},
		{"valeur", "Valeur", ""},
		{"avant", "Avant (personnes)", "personnes différentes qui ont nommé l’hexagone"},
		{"apres", "Après (personnes)", "personnes différentes qui ont nommé l’hexagone"},
		{"p_fisher", "p, test de Fisher (0 à 1)", pMeaning},
		{"p_ajuste", "p ajusté (0 à 1)", "corrigé du nombre d’hexagones comparés (Benjamini-Hochberg)"},
		{"verdict", "Verdict (−1, 0, 1)", "−1 : baisse visible ; 1 : hausse visible ; 0 : pas de conclusion, ce qui ne veut pas dire « pas de changement »"},
		{"baisse_visible_a", "Baisse visible à (personnes)", "il en faudrait aussi peu après pour qu’une baisse se voie ; vide si aucune ne se verrait"},
		{"hausse_visible_a", "Hausse visible à (personnes)", "il en faudrait autant après pour qu’une hausse se voie ; vide si aucune ne se verrait"},
		{"zone_avant", "Zone, avant (personnes)", ""},
		{"zone_apres", "Zone, après (personnes)", ""},
		{"reste_avant", "Reste du quartier, avant (personnes)", ""},
		{"reste_apres", "Reste du quartier, après (personnes)", ""},
		{"rapport", "Rapport", "1 : pas d’écart ; 2 : le double ; 0,5 : la moitié. Après sur avant (zone rapportée au reste du quartier), ou premier quartier sur second"},
		{"p_mid", "p (0 à 1)", pMeaning + " (mid-p)"},
		{"conclusion", "Conclusion", ""},

		// Between quartiers.
		{"effectif_de_reference", "Effectif de référence", "participants des ateliers ou habitants : ce à quoi les personnes sont rapportées"},
		{"taux_brut", "Taux brut (personnes par personne de l’effectif)", "personnes divisées par l’effectif de référence"},
		{"taux_lisse", "Taux lissé (personnes par personne de l’effectif)", "ramené vers la moyenne de la ville d’autant plus que l’effectif est petit (Bayes empirique, Marshall 1991)"},
		{"poids", "Poids du quartier (0 à 1)", "1 : le taux lissé est celui du quartier ; 0 : celui de la ville"},
		{"entonnoir", "Place dans l’entonnoir (−1, 0, 1)", "−1 : sous les limites à 99,8 % ; 0 : entre elles, rien ne distingue le quartier de la moyenne ; 1 : au-dessus"},
		{"entonnoir_borne_basse_95", "Limite basse (95 %)", "du taux, pour cet effectif"},
		{"entonnoir_borne_haute_95", "Limite haute (95 %)", "du taux, pour cet effectif"},
		{"entonnoir_borne_basse_99_8", "Limite basse (99,8 %)", "du taux, pour cet effectif"},
		{"entonnoir_borne_haute_99_8", "Limite haute (99,8 %)", "du taux, pour cet effectif"},

		// Actions.
		{"type", "Type", ""},
		{"action", "Action", ""},
		{"detail", "Détail", ""},
		{"en_retard", "En retard", "l’échéance est passée et l’action n’est ni réalisée, ni refusée, ni abandonnée"},
		{"pilote", "Qui pilote", ""},
		{"partenaires", "Partenaires", ""},
		{"echeance", "Échéance", ""},
		{"realisee_le", "Réalisée le", ""},
		{"raison", "Raison", ""},
		{"preuve", "Preuve", ""},
		{"lien", "Lien", ""},
		{"constats", "Constats", "auxquels l’action répond"},
		{"creee_le", "Créée le", ""},
		{"modifiee_le", "Modifiée le", ""},
		{"definition", "Définition", ""},

		// The sheet that explains the others.
		{"feuille", "Feuille", ""},
		{"colonne", "Colonne", ""},
		{"nom_technique", "Nom dans les fichiers CSV et GeoJSON", ""},
		{"explication", "Explication", ""},
	}
	all = append(all, bounds("", "", chance95)...)
	all = append(all, bounds("signalements_", "Signalements, ", chance95)...)
	all = append(all, bounds("personnes_", "Personnes, ", chance95)...)
	all = append(all, bounds("part_", "Part, ", share01+" ; "+chance95)...)
	all = append(all, bounds("rapport_", "Rapport, ", chance95)...)
	all = append(all, bounds("taux_brut_", "Taux brut, ", chance95)...)
	all = append(all, bounds("taux_lisse_", "Taux lissé, ", chance95)...)
	for _, one := range [][3]string{
		{"insecurite", "Insécurité", "participants différents qui ont marqué un lieu d’insécurité"},
		{"securite", "Sécurité", "participants différents qui ont marqué un lieu de sécurité"},
		{"evitement", "Évitement", "participants différents qui disent éviter un lieu"},
		{"habitants", "Habitants en atelier", "participants différents qui ont nommé ce thème"},
		{"signalants", "Personnes ayant signalé", "personnes différentes ayant signalé ce thème ; un signalement anonyme compte pour une"},
	} {
		all = append(all, Column{one[0] + "_personnes", one[1] + " (personnes)", one[2]},
			Column{one[0] + "_sur", one[1] + ", sur (personnes)", "toutes les personnes à qui cela se rapporte"})
		all = append(all, bounds(one[0]+"_", one[1]+", part, ", share01+" ; "+chance95)...)
	}
	out := make(map[string]Column, len(all))
	for _, c := range all {
		out[c.Name] = c
	}
	return out
}()

// explanation is the sheet of a workbook that says what the columns of the others
// mean.
func explanation(tables []Table) Table {
	t := Table{Name: "colonnes", Title: "Ce que veut dire chaque colonne", Columns: Columns("feuille", "colonne", "nom_technique", "explication")}
	for _, of := range tables {
		t.Context = of.Context
		for _, c := range of.Columns {
			t.Rows = append(t.Rows, []any{of.Title, c.Label, c.Name, c.About})
		}
	}
	return t
}
