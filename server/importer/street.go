package importer

import "strings"

// streetKinds are IGN's abbreviations of what streets begin with (BD TOPO,
// « Nature de la voie »).
var streetKinds = map[string]string{
	"All": "Allée", "Av": "Avenue", "Che": "Chemin", "Crs": "Cours", "Ham": "Hameau", "Imp": "Impasse", "Mte": "Montée",
	"Pas": "Passage", "Pass": "Passage", "Pl": "Place", "Qu": "Quai", "R": "Rue", "Rpt": "Rond-point", "Rte": "Route", "Sq": "Square",
}

// particles are words of a street's name that are no names themselves.
var particles = " De Des Du La Le Les Et Sur Dit "

// streetName writes out a street that IGN abbreviates: "All De L'Imprimerie" is
// "Allée de l'Imprimerie". A name that begins otherwise is as it should be.
func streetName(name string) string {
	words := strings.Fields(name)
	if len(words) < 2 || streetKinds[words[0]] == "" {
		return name
	}
	words[0] = streetKinds[words[0]]
	for i, word := range words[1:] {
		lower, rest, elided := strings.Cut(word, "'")
		switch {
		case strings.Contains(particles, " "+word+" "):
			word = strings.ToLower(word)
		case elided && (lower == "L" || lower == "D"):
			word = strings.ToLower(lower) + "'" + rest
		case streetKinds[word] != "":
			word = streetKinds[word]
		case word == "Cdt":
			word = "Commandant"
		}
		words[i+1] = word
	}
	return strings.Join(words, " ")
}
