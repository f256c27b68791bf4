package importer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"time"

	"github.com/google/uuid"

	"quietude/geo"
	"quietude/server/atelier"
	"quietude/server/fault"
	"quietude/server/store"
)

// Options say how a file of signalements is read.
type Options struct {
	Format  string // dansmarue, csv
	Mapping Mapping
	// Origin names where the rows come from; "" for the format's name. The
	// same identifier of the same origin is imported once.
	Origin string
	// SkipErrors leaves refused rows out; without it one of them is enough for
	// nothing to be written.
	SkipErrors bool
	// MaxBytes bounds the uncompressed file; 0 for 1 GiB.
	MaxBytes int64
	// Progress is called now and then while rows are written; may be nil.
	Progress func(Progress)
	// Now is the current time, for dates in the future; zero for time.Now.
	Now time.Time
}

// Progress says how far an import is.
type Progress struct {
	Rows  int
	Bytes int64 // uncompressed
}

// Report says what an import found and did.
type Report struct {
	// Again: the very same file was imported before, nothing was written.
	Again bool
	Read  int // rows after the header
	Added int // new signalements
	Known int // rows whose signalement was there already
	Bad   int // refused rows
	// Errors are the first refused rows.
	Errors []LineError
	// UnknownThemes counts refused rows by the theme they name.
	UnknownThemes map[string]int
	// Shortened counts subthemes that were cut at 120 characters.
	Shortened int
	Outside   int // accepted rows in the surroundings, in no quartier
	Bytes     int64
	Encoding  string
	Delimiter string
	Elapsed   time.Duration
}

// LineError is a refused row.
type LineError struct {
	Line   int
	Reason string // French
}

// listedErrors bounds how many refused rows are listed; all are counted.
const listedErrors = 50

// batchRows is how many rows share a statement: enough for its cost to vanish,
// few enough for memory not to show.
const batchRows = 4000

// SignalementStore is what importing signalements needs.
type SignalementStore interface {
	Territoire(ctx context.Context, code string) (atelier.Territoire, error)
	Quartiers(ctx context.Context, territoire string) ([]atelier.Quartier, error)
	ImportSignalements(ctx context.Context, head store.ImportHead,
		fill func(add func([]atelier.Signalement) (added int, err error)) (store.ImportTotals, error)) (again bool, err error)
}

// ImportSignalements reads a CSV file with a header row, plain or gzip, and
// adds its rows to a territoire, all of them or none. Delimiter, encoding,
// decimal comma and columns are recognised. The report is right also when an
// error comes with it. Memory does not grow with the file.
func ImportSignalements(ctx context.Context, s SignalementStore, territoire string, o Options, r io.Reader) (Report, error) {
	start := time.Now()
	im, err := newImport(ctx, s, territoire, o)
	if err != nil {
		return Report{}, err
	}
	again, err := s.ImportSignalements(ctx, store.ImportHead{Territoire: territoire, ID: uuid.New(), Format: o.Format},
		func(add func([]atelier.Signalement) (int, error)) (store.ImportTotals, error) {
			return im.run(ctx, r, add)
		})
	report := im.report
	report.Elapsed = time.Since(start)
	if again {
		report.Again, report.Added, report.Known = true, 0, report.Read-report.Bad
	}
	if err != nil {
		report.Added = 0
	}
	return report, err
}

// run is one import under way.
type run struct {
	options Options
	themes  map[string]atelier.Theme
	city    atelier.Territoire
	zone    *time.Location
	locator *geo.Locator
	origin  string
	report  Report
}

var originPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,39}$`)

func newImport(ctx context.Context, s SignalementStore, territoire string, o Options) (*run, error) {
	themes, ok := themesOf(o.Format)
	if !ok {
		return nil, fault.New(fault.Invalid, "format_inconnu", "Le format « %s » n’est pas lu ; il y a dansmarue et csv.", shown(o.Format)).At("format")
	}
	if o.Origin == "" {
		o.Origin = o.Format
	}
	if !originPattern.MatchString(o.Origin) {
		return nil, fault.New(fault.Invalid, "origine_invalide",
			"L’origine compte 1 à 40 lettres minuscules, chiffres, tirets ou soulignés.").At("origine")
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = defaultMaxBytes
	}
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	city, err := s.Territoire(ctx, territoire)
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(city.Fuseau)
	if err != nil {
		return nil, fmt.Errorf("time zone of %s: %w", territoire, err)
	}
	quartiers, err := s.Quartiers(ctx, territoire)
	if err != nil {
		return nil, err
	}
	shapes := make([]geo.QuartierShape, len(quartiers))
	for i, q := range quartiers {
		shapes[i] = geo.QuartierShape{Code: q.Code, Shape: q.Geom}
	}
	locator, err := geo.NewLocator(shapes)
	if err != nil {
		return nil, fmt.Errorf("quartiers of %s: %w", territoire, err)
	}
	return &run{options: o, themes: themes, city: city, zone: zone, locator: locator, origin: "import:" + o.Origin}, nil
}

// run reads the file to its end, even after a refused row, so that the report
// lists them all; from then on nothing is sent to the database.
func (im *run) run(ctx context.Context, r io.Reader, add func([]atelier.Signalement) (int, error)) (store.ImportTotals, error) {
	src, err := openSource(r, im.options.MaxBytes)
	if err != nil {
		return store.ImportTotals{}, err
	}
	defer im.conclude(src)
	header, err := src.header(func(columns []string) int { _, found := im.options.Mapping.guess(columns); return found })
	if err != nil {
		return store.ImportTotals{}, headerError(err)
	}
	layout, err := im.options.Mapping.layout(header)
	if err != nil {
		return store.ImportTotals{}, err
	}
	rows := newReader(im.city, im.locator, layout, im.themes, im.origin, im.zone, im.options.Now)
	defer func() { im.report.UnknownThemes, im.report.Shortened = rows.unknown, rows.shortened }()
	if err := im.rows(ctx, src, rows, len(header), add); err != nil {
		return store.ImportTotals{}, err
	}
	switch {
	case im.report.Bad > 0 && !im.options.SkipErrors:
		return store.ImportTotals{}, im.refusal()
	case im.report.Read == 0:
		return store.ImportTotals{}, fault.New(fault.Unprocessable, "fichier_vide", "Le fichier ne contient que sa ligne d’en-tête.")
	}
	return store.ImportTotals{Digest: src.content.sum.Sum(nil), Read: im.report.Read}, nil
}

func headerError(err error) error {
	var bad *badRow
	if errors.As(err, &bad) || err == io.EOF {
		return fault.New(fault.Unprocessable, "entete_illisible", "Ligne 1 : les noms de colonnes ne peuvent pas être lus.")
	}
	return err
}

func (im *run) rows(ctx context.Context, src *source, rows *reader, width int, add func([]atelier.Signalement) (int, error)) error {
	batch := make([]atelier.Signalement, 0, batchRows)
	flush := func() error {
		if len(batch) == 0 || im.report.Bad > 0 && !im.options.SkipErrors {
			batch = batch[:0]
			return nil
		}
		added, err := add(batch)
		im.report.Added += added
		im.report.Known += len(batch) - added
		batch = batch[:0]
		return err
	}
	for {
		s, err := im.row(src, rows, width)
		switch {
		case err == io.EOF:
			return flush()
		case err != nil:
			return err
		case s != nil:
			batch = append(batch, *s)
		}
		if im.report.Read%batchRows == 0 {
			if err := flush(); err != nil {
				return err
			}
			if im.options.Progress != nil {
				im.options.Progress(Progress{im.report.Read, src.content.bytes})
			}
			if err := ctx.Err(); err != nil {
				return err
			}
		}
	}
}

// row reads the next row; nil and no error when it was refused.
func (im *run) row(src *source, rows *reader, width int) (*atelier.Signalement, error) {
	fields, err := src.next()
	var bad *badRow
	if err != nil && !errors.As(err, &bad) {
		return nil, err
	}
	im.report.Read++
	why := ""
	var s atelier.Signalement
	switch {
	case bad != nil:
		why = bad.reason
	case len(fields) != width:
		why = fmt.Sprintf("%d colonnes au lieu de %d", len(fields), width)
	default:
		if s, why, err = rows.read(fields); err != nil {
			return nil, err
		}
	}
	if why == "" {
		if s.Quartier == "" {
			im.report.Outside++
		}
		return &s, nil
	}
	im.report.Bad++
	if len(im.report.Errors) < listedErrors {
		im.report.Errors = append(im.report.Errors, LineError{src.line, why})
	}
	return nil, nil
}

func (im *run) refusal() error {
	return fault.New(fault.Unprocessable, "lignes_refusees",
		"%d lignes sur %d ne peuvent pas être importées ; rien n’a été écrit. Corrigez-les, ou laissez-les de côté avec --ignorer-erreurs.",
		im.report.Bad, im.report.Read).With("lignes", im.report.Errors)
}

func (im *run) conclude(src *source) {
	im.report.Bytes, im.report.Encoding = src.content.bytes, src.encoding
	if src.comma != 0 {
		im.report.Delimiter = string(src.comma)
	}
}
