package importer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"quietude/server/atelier"
	"quietude/server/fault"
	"quietude/server/store"
)

// PopulationStore is what importing population figures needs.
type PopulationStore interface {
	Quartiers(ctx context.Context, territoire string) ([]atelier.Quartier, error)
	Territoire(ctx context.Context, code string) (atelier.Territoire, error)
	ReplacePopulation(ctx context.Context, territoire string, figures []store.Population) (changed int, err error)
}

// PopulationReport says what came of a file of population figures.
type PopulationReport struct{ Read, Changed int }

// populationColumns are the five columns, by the headers that name them, folded.
var populationColumns = [5][]string{
	{"territoire", "code insee", "insee", "codgeo", "commune"},
	{"quartier", "code quartier", "code"},
	{"annee", "year", "millesime"},
	{"population", "habitants", "pop"},
	{"source", "origine"},
}

// maxPopulationBytes is far more than the quartiers of a metropolis need.
const maxPopulationBytes = 4 << 20

// ImportPopulation reads a CSV file with the columns territoire, quartier,
// annee, population and source, and writes all its rows or none. A figure
// without a source is refused: it would be shown as if somebody vouched for it.
func ImportPopulation(ctx context.Context, s PopulationStore, territoire string, r io.Reader) (PopulationReport, error) {
	if _, err := s.Territoire(ctx, territoire); err != nil {
		return PopulationReport{}, err
	}
	quartiers, err := s.Quartiers(ctx, territoire)
	if err != nil {
		return PopulationReport{}, err
	}
	known := map[string]bool{}
	for _, q := range quartiers {
		known[q.Code] = true
	}
	src, err := openSource(r, maxPopulationBytes)
	if err != nil {
		return PopulationReport{}, err
	}
	header, err := src.header(func(columns []string) int { _, found := populationLayout(columns); return found })
	if err != nil {
		return PopulationReport{}, headerError(err)
	}
	at, found := populationLayout(header)
	if found < len(at) {
		return PopulationReport{}, fault.New(fault.Unprocessable, "colonne_absente",
			"Ligne 1 : il faut les colonnes territoire, quartier, annee, population et source ; %d sur 5 sont reconnues. Rien n’a été écrit.", found)
	}
	var figures []store.Population
	lines := map[string]int{}
	for {
		fields, err := src.next()
		if err == io.EOF {
			break
		}
		var bad *badRow
		if errors.As(err, &bad) {
			return PopulationReport{}, populationFault(bad.line, bad.reason)
		}
		if err != nil {
			return PopulationReport{}, err
		}
		p, reason := readPopulation(fields, at, territoire, known)
		key := fmt.Sprintf("%s %d", p.Quartier, p.Annee)
		if first, twice := lines[key]; twice && reason == "" {
			reason = fmt.Sprintf("ce quartier et cette année sont déjà à la ligne %d", first)
		}
		if reason != "" {
			return PopulationReport{}, populationFault(src.line, reason)
		}
		lines[key] = src.line
		figures = append(figures, p)
	}
	if len(figures) == 0 {
		return PopulationReport{}, fault.New(fault.Unprocessable, "fichier_vide", "Le fichier ne contient que sa ligne d’en-tête.")
	}
	changed, err := s.ReplacePopulation(ctx, territoire, figures)
	return PopulationReport{Read: len(figures), Changed: changed}, err
}

func populationFault(line int, reason string) error {
	return fault.New(fault.Unprocessable, "ligne_refusee", "Ligne %d : %s. Rien n’a été écrit.", line, reason)
}

func populationLayout(header []string) (at [5]int, found int) {
	folded := make([]string, len(header))
	for i, h := range header {
		folded[i] = atelier.Fold(h)
	}
	for c, names := range populationColumns {
		at[c] = -1
		for _, name := range names {
			if i := indexOf(folded, name); i >= 0 {
				at[c] = i
				found++
				break
			}
		}
	}
	return at, found
}

// readPopulation reads a row; reason is French and "" when all is well.
func readPopulation(fields []string, at [5]int, territoire string, known map[string]bool) (p store.Population, reason string) {
	var cell [5]string
	for c, i := range at {
		if i >= len(fields) {
			return p, "il manque des colonnes"
		}
		cell[c] = strings.TrimSpace(fields[i])
	}
	digits := strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "").Replace(cell[3])
	year, yearErr := strconv.Atoi(cell[2])
	people, peopleErr := strconv.Atoi(digits)
	switch {
	case cell[0] != territoire:
		return p, fmt.Sprintf("le territoire « %s » n’est pas %s", shown(cell[0]), territoire)
	case !known[cell[1]]:
		return p, fmt.Sprintf("le quartier « %s » n’existe pas dans ce territoire", shown(cell[1]))
	case yearErr != nil || year < 1900 || year > 2100:
		return p, "l’année n’est pas un nombre de 1900 à 2100"
	case peopleErr != nil || people <= 0 || people > 10_000_000:
		return p, "la population n’est pas un nombre entier positif"
	case cell[4] == "":
		return p, "la source manque : un chiffre sans source n’est pas montré"
	case utf8.RuneCountInString(cell[4]) > 200:
		return p, "la source dépasse 200 caractères"
	}
	return store.Population{Quartier: cell[1], Annee: year, Habitants: people, Source: cell[4]}, ""
}
