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

// DefaultSSMSISource is printed beside the figures.
const DefaultSSMSISource = "SSMSI, base statistique communale de la délinquance enregistrée par la police et la gendarmerie nationales"

// CommunaleStore is what importing recorded statistics needs.
type CommunaleStore interface {
	Territoire(ctx context.Context, code string) (atelier.Territoire, error)
	ImportCommunales(ctx context.Context, f store.CommunaleFile) (again bool, err error)
}

// SSMSIReport says what a file of recorded statistics held.
type SSMSIReport struct {
	Again    bool
	Read     int // rows after the header
	Kept     int // rows of the territoire
	Withheld int // of them, those that the source does not publish
	Missing  int // of them, published without a number
	From, To int // years
}

// The columns of the communal base. The first one carries the year of the
// geography in its name (CODGEO_2025).
const (
	ssmsiCode = iota
	ssmsiAnnee
	ssmsiIndicateur
	ssmsiUnite
	ssmsiNombre
	ssmsiTaux
	ssmsiDiffuse
	ssmsiPopulation
	ssmsiPopulationAnnee
	ssmsiColumns
)

var ssmsiNames = [ssmsiColumns]struct {
	name     string
	needed   bool
	headings []string // folded; the older editions use the later ones
}{
	{"CODGEO", true, []string{"codgeo"}},
	{"annee", true, []string{"annee"}},
	{"indicateur", true, []string{"indicateur", "classe"}},
	{"unite_de_compte", true, []string{"unite de compte"}},
	{"nombre", true, []string{"nombre", "faits"}},
	{"taux_pour_mille", true, []string{"taux pour mille", "tauxpourmille"}},
	{"est_diffuse", true, []string{"est diffuse", "valeur publiee"}},
	{"insee_pop", false, []string{"insee pop", "pop"}},
	{"insee_pop_millesime", false, []string{"insee pop millesime", "millpop"}},
}

type ssmsiLayout [ssmsiColumns]int

func ssmsiGuess(header []string) (l ssmsiLayout, found int) {
	for c, column := range ssmsiNames {
		l[c] = -1
		for i, h := range header {
			folded := atelier.Fold(h)
			for _, heading := range column.headings {
				if l[c] < 0 && (folded == heading || c == ssmsiCode && strings.HasPrefix(folded, heading+" ")) {
					l[c] = i
					found++
				}
			}
		}
	}
	return l, found
}

// ImportSSMSI reads the communal base of the SSMSI (CSV, plain or gzip) and keeps
// the rows of one territoire, all of them or none: a national file of several
// hundred megabytes is read row by row. « ndiff » is kept as withheld, without a
// number whatever stands beside it; « NA » is no number; both are never zero.
func ImportSSMSI(ctx context.Context, s CommunaleStore, territoire, source string, maxBytes int64, r io.Reader) (SSMSIReport, error) {
	if maxBytes <= 0 {
		maxBytes = defaultMaxBytes
	}
	if source = strings.TrimSpace(source); source == "" {
		source = DefaultSSMSISource
	}
	if utf8.RuneCountInString(source) > 200 {
		return SSMSIReport{}, fault.New(fault.Invalid, "source_trop_longue", "La source compte au plus 200 caractères.").At("source")
	}
	if _, err := s.Territoire(ctx, territoire); err != nil {
		return SSMSIReport{}, err
	}
	src, err := openSource(r, maxBytes)
	if err != nil {
		return SSMSIReport{}, err
	}
	header, err := src.header(func(columns []string) int { _, found := ssmsiGuess(columns); return found })
	if err != nil {
		return SSMSIReport{}, headerError(err)
	}
	layout, _ := ssmsiGuess(header)
	var missing []string
	for c, column := range ssmsiNames {
		if column.needed && layout[c] < 0 {
			missing = append(missing, column.name)
		}
	}
	if len(missing) > 0 {
		return SSMSIReport{}, fault.New(fault.Unprocessable, "colonne_absente",
			"Ligne 1 : ce fichier n’est pas la base communale du SSMSI, il manque : %s.", strings.Join(missing, ", ")).At("colonnes")
	}
	report, figures, err := readSSMSI(ctx, src, layout, len(header), territoire)
	if err != nil {
		return report, err
	}
	if len(figures) == 0 {
		return report, fault.New(fault.Unprocessable, "commune_absente",
			"Le fichier a été lu (%d lignes), mais aucune ne concerne la commune %s ; rien n’a été écrit.", report.Read, territoire).At("territoire")
	}
	report.Again, err = s.ImportCommunales(ctx, store.CommunaleFile{Territoire: territoire, Source: source, Digest: src.content.sum.Sum(nil),
		Read: report.Read, Figures: figures})
	return report, err
}

func readSSMSI(ctx context.Context, src *source, l ssmsiLayout, width int, territoire string) (report SSMSIReport, figures []store.Communale, err error) {
	type key struct {
		indicateur, unite string
		annee             int
	}
	seen := map[key]int{} // line
	for {
		fields, err := src.next()
		if err == io.EOF {
			return report, figures, nil
		}
		var bad *badRow
		switch {
		case errors.As(err, &bad):
			return report, nil, ssmsiRefusal(bad.line, bad.reason)
		case err != nil:
			return report, nil, err
		}
		if report.Read++; report.Read%10_000 == 0 && ctx.Err() != nil {
			return report, nil, ctx.Err()
		}
		if len(fields) != width {
			return report, nil, ssmsiRefusal(src.line, fmt.Sprintf("%d colonnes au lieu de %d", len(fields), width))
		}
		if communeCode(fields[l[ssmsiCode]]) != territoire {
			continue
		}
		one, why := ssmsiFigure(fields, l)
		if why != "" {
			return report, nil, ssmsiRefusal(src.line, why)
		}
		k := key{one.Indicateur, one.Unite, one.Annee}
		if before, twice := seen[k]; twice {
			return report, nil, ssmsiRefusal(src.line, fmt.Sprintf("le même indicateur, la même unité et la même année qu’à la ligne %d", before))
		}
		seen[k] = src.line
		figures = append(figures, one)
		report.count(one)
	}
}

func (r *SSMSIReport) count(one store.Communale) {
	r.Kept++
	if r.From == 0 {
		r.From, r.To = one.Annee, one.Annee
	}
	r.From, r.To = min(r.From, one.Annee), max(r.To, one.Annee)
	switch {
	case !one.Diffuse:
		r.Withheld++
	case one.Nombre == nil:
		r.Missing++
	}
}

func ssmsiRefusal(line int, why string) error {
	return fault.New(fault.Unprocessable, "ligne_refusee", "Ligne %d : %s ; rien n’a été écrit.", line, why).With("ligne", line)
}

// communeCode gives back the zero that a spreadsheet takes from 01004.
func communeCode(field string) string {
	code := strings.TrimSpace(field)
	if len(code) == 4 {
		if _, err := strconv.Atoi(code); err == nil {
			return "0" + code
		}
	}
	return code
}

func ssmsiFigure(fields []string, l ssmsiLayout) (one store.Communale, why string) {
	field := func(column int) string {
		if l[column] < 0 {
			return ""
		}
		return strings.TrimSpace(fields[l[column]])
	}
	one.Indicateur, one.Unite = field(ssmsiIndicateur), field(ssmsiUnite)
	switch {
	case one.Indicateur == "" || utf8.RuneCountInString(one.Indicateur) > 200:
		return one, "indicateur vide ou trop long"
	case one.Unite == "" || utf8.RuneCountInString(one.Unite) > 80:
		return one, "unité de compte vide ou trop longue"
	}
	if one.Annee, why = ssmsiYear(field(ssmsiAnnee)); why != "" {
		return one, why
	}
	switch strings.ToLower(field(ssmsiDiffuse)) {
	case "diff":
		one.Diffuse = true
	case "ndiff":
	default:
		return one, fmt.Sprintf("est_diffuse vaut « %s » au lieu de diff ou ndiff", shown(field(ssmsiDiffuse)))
	}
	nombre, why := ssmsiNumber(field(ssmsiNombre), "nombre")
	if why != "" {
		return one, why
	}
	taux, why := ssmsiNumber(field(ssmsiTaux), "taux_pour_mille")
	if why != "" {
		return one, why
	}
	if one.Diffuse {
		if one.Nombre, why = whole(nombre, "nombre"); why != "" {
			return one, why
		}
		one.Taux = taux
	}
	population, why := ssmsiNumber(field(ssmsiPopulation), "insee_pop")
	if why != "" {
		return one, why
	}
	if population != nil && *population > 0 {
		if one.Population, why = whole(population, "insee_pop"); why != "" {
			return one, why
		}
		if text := field(ssmsiPopulationAnnee); !absent(text) {
			census, why := ssmsiYear(text)
			if why != "" {
				return one, why
			}
			one.PopulationAnnee = &census
		}
	}
	return one, ""
}

// ssmsiYear reads 2024; the first editions wrote 24.
func ssmsiYear(text string) (int, string) {
	year, err := strconv.Atoi(text)
	if err == nil && year >= 0 && year < 100 && len(text) == 2 {
		year += 2000
	}
	if err != nil || year < 1990 || year > 2100 {
		return 0, fmt.Sprintf("« %s » n’est pas une année", shown(text))
	}
	return year, ""
}

func absent(text string) bool { return text == "" || strings.EqualFold(text, "NA") }

// ssmsiNumber reads a number with a decimal comma or point; nil for NA.
func ssmsiNumber(text, column string) (*float64, string) {
	if absent(text) {
		return nil, ""
	}
	// Groups of thousands are set apart by spaces of any kind.
	plain := strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", ",", ".").Replace(text)
	v, err := strconv.ParseFloat(plain, 64)
	if err != nil || !(v >= 0 && v < 1e9) {
		return nil, fmt.Sprintf("%s : « %s » n’est pas un nombre", column, shown(text))
	}
	return &v, ""
}

func whole(v *float64, column string) (*int, string) {
	if v == nil {
		return nil, ""
	}
	n := int(*v)
	if float64(n) != *v {
		return nil, fmt.Sprintf("%s : %v n’est pas un nombre entier", column, *v)
	}
	return &n, ""
}
