package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"quietude/server/atelier"
	"quietude/server/fault"
	"quietude/server/importer"
	"quietude/server/pglocal"
)

type importCommands struct {
	Territoire   importTerritoire   `cmd:"" help:"Charge les quartiers d’une commune (GeoJSON avec code et nom, WGS 84)."`
	Signalements importSignalements `cmd:"" help:"Charge des signalements (CSV, éventuellement gzip)."`
	SSMSI        importSSMSI        `cmd:"" name:"ssmsi" help:"Charge les statistiques enregistrées de la commune (base communale du SSMSI, CSV, éventuellement gzip)."`
	Population   importPopulation   `cmd:"" help:"Charge le nombre d’habitants des quartiers (CSV : territoire, quartier, annee, population, source)."`
}

type importPopulation struct {
	Storage    `embed:""`
	Territoire string `required:"" placeholder:"INSEE" help:"Commune des quartiers (code INSEE)."`
	File       string `arg:"" name:"fichier" help:"Fichier CSV, ou - pour l’entrée standard."`
}

// Run loads population figures, all of the file or none.
func (c *importPopulation) Run(p *program) error {
	return p.importFile(c.Storage, c.File, func(ctx context.Context, db *database, file io.Reader) error {
		r, err := importer.ImportPopulation(ctx, db, c.Territoire, file)
		if err != nil {
			return err
		}
		return p.say(fmt.Sprintf("Population : %d lignes lues, %d nouvelles ou corrigées.", r.Read, r.Changed))
	})
}

type importTerritoire struct {
	Storage `embed:""`
	Code    string `required:"" placeholder:"INSEE" help:"Code INSEE de la commune."`
	Nom     string `required:"" placeholder:"NOM" help:"Nom de la commune."`
	Fuseau  string `default:"Europe/Paris" placeholder:"ZONE" help:"Fuseau horaire dans lequel les heures sont lues."`
	File    string `arg:"" name:"fichier" help:"Fichier GeoJSON, ou - pour l’entrée standard."`
}

// Run loads a city beside a running server or without one.
func (c *importTerritoire) Run(p *program) error {
	return p.importFile(c.Storage, c.File, func(ctx context.Context, db *database, file io.Reader) error {
		report, err := importer.ImportTerritoire(ctx, db, c.Code, c.Nom, c.Fuseau, file)
		if err != nil {
			return err
		}
		return p.say(territoireLine(report))
	})
}

func territoireLine(r importer.TerritoireReport) string {
	switch {
	case r.Unchanged:
		return fmt.Sprintf("%s (%s) : %d quartiers, déjà en place, rien n’a changé.", r.Nom, r.Code, r.Quartiers)
	case r.Created:
		return fmt.Sprintf("%s (%s) : %d quartiers chargés.", r.Nom, r.Code, r.Quartiers)
	}
	line := fmt.Sprintf("%s (%s) : %d quartiers remplacés ; %d signalements et %d repères ont changé de quartier.",
		r.Nom, r.Code, r.Quartiers, r.Signalements, r.Markers)
	if len(r.Removed) > 0 {
		line += " Retirés : " + strings.Join(r.Removed, ", ") + "."
	}
	return line
}

type importSignalements struct {
	Storage        `embed:""`
	Territoire     string `required:"" placeholder:"INSEE" help:"Commune des signalements (code INSEE)."`
	Format         string `required:"" enum:"dansmarue,csv" placeholder:"FORMAT" help:"dansmarue, ou csv pour tout autre fichier."`
	Origine        string `placeholder:"NOM" help:"D’où viennent les lignes ; le même identifiant d’une même origine n’est importé qu’une fois. Par défaut, le format."`
	IgnorerErreurs bool   `help:"Laisse de côté les lignes refusées au lieu de tout refuser."`
	MaxMio         int64  `name:"max-mio" default:"1024" placeholder:"MIO" help:"Taille maximale du fichier décompressé, en Mio."`
	Columns        `embed:"" prefix:"colonne-" group:"Colonnes (nom de l’en-tête ; devinées sinon)"`
	File           string `arg:"" name:"fichier" help:"Fichier CSV ou CSV.gz, ou - pour l’entrée standard."`
}

// Columns are the flags that name columns.
type Columns struct {
	ID        string `name:"id" placeholder:"NOM" help:"Identifiant."`
	Lon       string `placeholder:"NOM" help:"Longitude, degrés."`
	Lat       string `placeholder:"NOM" help:"Latitude, degrés."`
	Position  string `placeholder:"NOM" help:"Latitude et longitude dans une seule colonne."`
	Date      string `placeholder:"NOM" help:"Date, avec ou sans l’heure."`
	Heure     string `placeholder:"NOM" help:"Heure, quand elle est à part."`
	DateFin   string `placeholder:"NOM" help:"Fin de la période."`
	Theme     string `placeholder:"NOM" help:"Thème : un de nos codes ou son nom."`
	SousTheme string `placeholder:"NOM" help:"Sous-thème, texte court."`
}

// Run imports a file and prints its report, whatever came of it.
func (c *importSignalements) Run(p *program) error {
	return p.importFile(c.Storage, c.File, func(ctx context.Context, db *database, file io.Reader) error {
		progress := newProgress(p.err, file)
		report, err := importer.ImportSignalements(ctx, db, c.Territoire, importer.Options{
			Format: c.Format, Mapping: importer.Mapping(c.Columns), Origin: c.Origine, SkipErrors: c.IgnorerErreurs,
			MaxBytes: c.MaxMio << 20, Progress: progress.show,
		}, file)
		progress.clear()
		for _, line := range signalementLines(report) {
			if err := p.say(line); err != nil {
				return err
			}
		}
		return err
	})
}

type importSSMSI struct {
	Storage    `embed:""`
	Territoire string `required:"" placeholder:"INSEE" help:"Commune dont les lignes sont gardées (code INSEE) ; les autres sont passées."`
	Source     string `placeholder:"TEXTE" help:"Source et édition, écrites à côté des chiffres."`
	MaxMio     int64  `name:"max-mio" default:"2048" placeholder:"MIO" help:"Taille maximale du fichier décompressé, en Mio."`
	File       string `arg:"" name:"fichier" help:"Fichier CSV ou CSV.gz, ou - pour l’entrée standard."`
}

// Run imports recorded statistics, context for the commune.
func (c *importSSMSI) Run(p *program) error {
	return p.importFile(c.Storage, c.File, func(ctx context.Context, db *database, file io.Reader) error {
		report, err := importer.ImportSSMSI(ctx, db, c.Territoire, c.Source, c.MaxMio<<20, file)
		if err != nil {
			return err
		}
		return p.say(ssmsiLine(c.Territoire, report))
	})
}

func ssmsiLine(territoire string, r importer.SSMSIReport) string {
	if r.Again {
		return "Ce fichier avait déjà été importé : rien n’a été changé."
	}
	return fmt.Sprintf("%d lignes lues, %d de la commune %s gardées (%d à %d) ; %d ne sont pas diffusées par la source, %d sont sans valeur.",
		r.Read, r.Kept, territoire, r.From, r.To, r.Withheld, r.Missing)
}

// importFile opens the file, then the database, and gives both back.
func (p *program) importFile(s Storage, name string, run func(context.Context, *database, io.Reader) error) error {
	if err := s.check(); err != nil {
		return err
	}
	logger := s.logger(p.err)
	ctx, cancel := p.untilSignal(logger)
	defer cancel()
	file, err := openFile(name)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	db, err := p.connect(ctx, s, logger, pglocal.Open)
	if err != nil {
		return err
	}
	err = run(ctx, db, file)
	return firstError(err, db.close())
}

func openFile(name string) (*os.File, error) {
	if name == "-" {
		return os.Stdin, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, fault.New(fault.Invalid, "fichier_absent", "Le fichier %s ne peut pas être ouvert.", name).Because(err)
	}
	if info, err := f.Stat(); err != nil || info.IsDir() {
		_ = f.Close()
		return nil, fault.New(fault.Invalid, "fichier_absent", "%s est un dossier, pas un fichier.", name).Because(err)
	}
	return f, nil
}

func (p *program) say(line string) error {
	_, err := fmt.Fprintln(p.out, line)
	return err
}

// signalementLines is the report as the person reads it.
func signalementLines(r importer.Report) []string {
	if r.Read == 0 {
		return nil
	}
	var lines []string
	for _, e := range r.Errors {
		lines = append(lines, fmt.Sprintf("Ligne %d : %s.", e.Line, e.Reason))
	}
	if more := r.Bad - len(r.Errors); more > 0 {
		lines = append(lines, fmt.Sprintf("… et %d autres lignes refusées.", more))
	}
	for _, theme := range slices.Sorted(maps.Keys(r.UnknownThemes)) {
		lines = append(lines, fmt.Sprintf("Thème inconnu « %s » : %d lignes.", theme, r.UnknownThemes[theme]))
	}
	if len(r.UnknownThemes) > 0 {
		lines = append(lines, fmt.Sprintf("Thèmes connus : %s, ou leur nom (« Propreté », « Circulation »…).", strings.Trim(fmt.Sprint(atelier.Themes), "[]")))
	}
	if r.Shortened > 0 {
		lines = append(lines, fmt.Sprintf("%d sous-thèmes de plus de 120 caractères ont été raccourcis.", r.Shortened))
	}
	lines = append(lines, fmt.Sprintf("%d lignes lues (%s, séparateur « %s », %.1f Mio) : %d ajoutées, %d déjà connues, %d refusées, %d hors de tout quartier, en %s.",
		r.Read, r.Encoding, strings.ReplaceAll(r.Delimiter, "\t", "tabulation"), float64(r.Bytes)/(1<<20), r.Added, r.Known, r.Bad, r.Outside, r.Elapsed.Round(time.Millisecond)))
	if r.Again {
		lines = append(lines, "Ce fichier avait déjà été importé : rien n’a été ajouté.")
	}
	return lines
}

// progress shows one line that is written over, when somebody watches.
type progress struct {
	out   io.Writer // nil when nobody watches
	file  io.Seeker // nil when its size is unknown
	size  int64     // bytes of the file as it is on disk
	shown time.Time
}

func newProgress(out io.Writer, file io.Reader) *progress {
	p := &progress{}
	if f, ok := out.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			p.out = f
		}
	}
	if f, ok := file.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			p.file, p.size = f, info.Size()
		}
	}
	return p
}

func (p *progress) show(now importer.Progress) {
	if p.out == nil || time.Since(p.shown) < 200*time.Millisecond {
		return
	}
	p.shown = time.Now()
	share := ""
	if p.file != nil && p.size > 0 {
		if at, err := p.file.Seek(0, io.SeekCurrent); err == nil {
			share = fmt.Sprintf(", %d %%", 100*at/p.size)
		}
	}
	fmt.Fprintf(p.out, "\r\x1b[K%d lignes, %.1f Mio%s", now.Rows, float64(now.Bytes)/(1<<20), share)
}

func (p *progress) clear() {
	if p.out != nil && !p.shown.IsZero() {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}
