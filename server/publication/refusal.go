package publication

import (
	"quietude/geo/edition"
)

// refusals say to the animateur why nothing can be published.
var refusals = map[string]string{
	string(edition.NotClosed):      "L’atelier n’est pas encore passé : revenez demain.",
	string(edition.AlreadyCounted): "Un de ces ateliers est déjà compté dans une édition. Chacun ne l’est qu’une fois, pour que personne ne puisse comparer deux cartes.",
	string(edition.InvalidSource):  "Choisissez au moins un atelier, chacun une seule fois.",
	string(edition.InvalidCells):   "Ce quartier n’a aucun hexagone à lui : il est trop petit pour une carte publique.",
	"atelier_inconnu":              "Un de ces ateliers n’existe pas.",
	"autre_quartier":               "Ces ateliers ne sont pas tous du même quartier.",
	"atelier_ouvert":               "Un de ces ateliers n’est pas clos. Terminez-le d’abord.",
	"fiction_et_reel":              "Des données fictives ne se publient pas avec de vraies.",
}

// Refused is the sentence of a refusal.
func Refused(code string) string {
	if text, ok := refusals[code]; ok {
		return text
	}
	return "L’édition n’a pas pu être construite. Prévenez la personne qui administre le service (" + code + ")."
}
