package importer

import "quietude/server/atelier"

// dansMaRue maps the types of DansMaRue, the reports of the City of Paris, to
// our themes. A type gathers more than one of our families: its most frequent
// subtypes decide.
//
//	type of DansMaRue                           theme  why
//	Objets abandonnés                           PRO    furniture, boxes, rubble left in the street
//	Propreté                                    PRO    waste, urine, excrement, full bins
//	Graffitis, tags, affiches et autocollants   DEG    marks on walls and furniture
//	Mobiliers urbains                           DEG    broken bollards, bins, signs
//	Autos, motos, vélos, trottinettes...        CIR    obstructive parking, wrecks
//	Voirie et espace public                     CIR    damaged signs, pavements and carriageways
//	Activités commerciales et professionnelles  OCC    terraces and displays in the way, their noise
//	Éclairage / Électricité                     AMB    lamps that are out
//	Arbres, végétaux et animaux                 AMB    vegetation, dangerous trees; rats too
//	Eau                                         AMB    leaks and puddles
//	Du vert près de chez moi                    AMB    wishes for greenery (older files)
//	Problème sur un chantier                    CIR    pavement or lane taken by works (older files)
//
// Keys are folded (atelier.Fold), since the spelling of accents and dots varies
// with the year of the export.
var dansMaRue = foldKeys(map[string]atelier.Theme{
	"Objets abandonnés": "PRO",
	"Propreté":          "PRO",
	"Graffitis, tags, affiches et autocollants":  "DEG",
	"Mobiliers urbains":                          "DEG",
	"Autos, motos, vélos, trottinettes...":       "CIR",
	"Autos, motos, vélos...":                     "CIR",
	"Voirie et espace public":                    "CIR",
	"Activités commerciales et professionnelles": "OCC",
	"Éclairage / Électricité":                    "AMB",
	"Arbres, végétaux et animaux":                "AMB",
	"Eau":                                        "AMB",
	"Du vert près de chez moi":                   "AMB",
	"Problème sur un chantier":                   "CIR",
})

// families maps our codes and the names under which people know them.
var families = foldKeys(map[string]atelier.Theme{
	"BRU": "BRU", "Nuisances sonores": "BRU", "Bruit": "BRU",
	"OCC": "OCC", "Occupation de l’espace": "OCC", "Occupation de l’espace public": "OCC",
	"STU": "STU", "Stupéfiants": "STU", "Stupéfiants (apparence de)": "STU",
	"DEG": "DEG", "Dégradations": "DEG", "Dégradation": "DEG",
	"CIR": "CIR", "Circulation et deux-roues": "CIR", "Circulation": "CIR",
	"PRO": "PRO", "Propreté, dépôts": "PRO", "Propreté": "PRO",
	"AMB": "AMB", "Cadre bâti, ambiance": "AMB", "Cadre bâti": "AMB",
	"VIO": "VIO", "Atteintes aux personnes": "VIO",
	"VOL": "VOL", "Atteintes aux biens": "VOL",
	"VOI": "VOI", "Vie collective": "VOI",
})

func foldKeys(in map[string]atelier.Theme) map[string]atelier.Theme {
	out := make(map[string]atelier.Theme, len(in))
	for k, v := range in {
		out[atelier.Fold(k)] = v
	}
	return out
}

// themesOf is the table of a format that ImportSignalements reads.
func themesOf(format string) (map[string]atelier.Theme, bool) {
	switch format {
	case "dansmarue":
		return dansMaRue, true
	case "csv":
		return families, true
	}
	return nil, false
}
