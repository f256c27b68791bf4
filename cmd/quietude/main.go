// Command quietude is the whole service: the map, its database, its imports and
// its own doctor. See README.md, or quietude --help.
//
// This package only introduces the others to each other: it reads the
// configuration, opens the database, starts the parts in order and stops them
// in the reverse one.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
	"github.com/jackc/pgx/v5"

	"quietude/server/fault"
	"quietude/server/pglocal"
)

func main() {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	p := &program{in: os.Stdin, out: os.Stdout, err: os.Stderr, signals: signals, exit: os.Exit, durable: pglocal.CheckDurability}
	os.Exit(p.main(os.Args[1:]))
}

// program is what the commands have from outside.
type program struct {
	in       io.Reader
	out, err io.Writer
	signals  <-chan os.Signal
	// exit ends the process at once.
	exit func(code int)
	// durable refuses a database that may lose what it has acknowledged.
	durable func(context.Context, *pgx.Conn) error
}

// commands is the command line.
type commands struct {
	Serve   serveCommand    `cmd:"" help:"Sert la carte et son interface."`
	Migrate migrateCommand  `cmd:"" help:"Met la base de données à jour, sans servir."`
	Purge   purgeCommand    `cmd:"" help:"Efface ce qui est hors délai, et dit ce qui reste : 0 sur N."`
	Demo    demoCommand     `cmd:"" help:"Charge des données fictives, pour essayer."`
	Import  importCommands  `cmd:"" help:"Charge une autre ville, ou des signalements."`
	Edition editionCommands `cmd:"" help:"Éditions publiées : préparer, lister, retirer."`
	User    userCommands    `cmd:"" help:"Comptes et jetons : ajouter, lister, fermer."`
	Doctor  doctorCommand   `cmd:"" help:"Vérifie l’installation et dit quoi faire."`
	Version versionCommand  `cmd:"" help:"Dit la version du programme."`
}

// exitCode stops a command with a code, after it has said why itself.
type exitCode int

func (e exitCode) Error() string { return fmt.Sprintf("exit %d", int(e)) }

// main runs one command line and returns the exit code: 0 done, 1 failed,
// 2 wrongly asked.
func (p *program) main(args []string) (code int) {
	// kong calls Exit after it has shown a help page and expects not to come
	// back; unwinding by panic keeps the process in one piece for the tests.
	type helped struct{ code int }
	defer func() {
		if r := recover(); r != nil {
			h, ok := r.(helped)
			if !ok {
				panic(r)
			}
			code = h.code
		}
	}()
	parser, err := newParser(kong.Writers(p.out, p.err), kong.Exit(func(code int) { panic(helped{code}) }))
	if err != nil {
		panic(err) // the grammar is part of the program
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	chosen, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(p.err, "quietude : %s\nEssayez « quietude --help ».\n", french(err))
		return 2
	}
	return p.finish(chosen.Run(p))
}

// newParser makes the parser of the command line, in French.
func newParser(options ...kong.Option) (*kong.Kong, error) {
	return kong.New(&commands{}, append([]kong.Option{
		kong.Name("quietude"),
		kong.Description("Quiétude : la carte des lieux où les habitants se sentent en sécurité, ou pas."),
		kong.Help(frenchHelp),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
	}, options...)...)
}

func (p *program) finish(err error) int {
	var code exitCode
	switch {
	case err == nil:
		return 0
	case errors.As(err, &code):
		return int(code)
	}
	fmt.Fprintf(p.err, "quietude : %s\n", sentence(err))
	if fault.KindOf(err) == fault.Invalid {
		return 2
	}
	return 1
}

// sentence is what the person at the terminal reads: the French half of a
// fault, then the technical cause, which here is for the same person.
func sentence(err error) string {
	f := fault.As(err)
	if f == nil {
		return "erreur inattendue : " + err.Error()
	}
	if text := err.Error(); strings.HasPrefix(text, f.Detail) {
		return text
	}
	// What is not there is not there; nobody needs to know which query found nothing.
	if cause := f.Unwrap(); cause != nil && fault.KindOf(err) != fault.NotFound {
		return f.Detail + " [" + cause.Error() + "]"
	}
	return f.Detail
}

// helpWords are the words of kong's help page.
var helpWords = strings.NewReplacer(
	"Usage: ", "Utilisation : ",
	"Flags:", "Options :",
	"Commands:", "Commandes :",
	"Arguments:", "Arguments :",
	"<command>", "<commande>",
	"[flags]", "[options]",
	"Show context-sensitive help.", "Affiche cette aide.",
	"for more information on a command.", "pour en savoir plus sur une commande.",
	"for more information.", "pour en savoir plus.",
	"Run \"", "Lancez « ",
	"--help\"", "--help »",
)

func frenchHelp(options kong.HelpOptions, ctx *kong.Context) error {
	var page bytes.Buffer
	out := ctx.Stdout
	ctx.Stdout = &page
	defer func() { ctx.Stdout = out }()
	if err := kong.DefaultHelpPrinter(options, ctx); err != nil {
		return err
	}
	_, err := helpWords.WriteString(out, page.String())
	return err
}

// errorWords are those of kong's refusals that a person meets.
var errorWords = strings.NewReplacer(
	"unknown flag", "option inconnue :",
	"unexpected argument", "argument inattendu :",
	"missing flags:", "options manquantes :",
	"missing positional arguments", "arguments manquants :",
	"expected one of", "une commande est attendue parmi",
	"expected", "il manque",
	"must be one of", "doit être l’un de",
	"did you mean one of", "peut-être",
	"did you mean", "peut-être",
	"but got", "et non",
	"can't be used together", "ne vont pas ensemble",
	": ", " : ",
	", ...", ", …",
)

// errorForms are what words alone do not translate: what kong says of values, its
// quotation marks and its question mark.
var errorForms = []struct {
	english *regexp.Regexp
	french  string
}{
	{regexp.MustCompile(`expected (?:a valid \d+ bit u?int|an int|a float) but got`), "un nombre est attendu, et non"},
	{regexp.MustCompile(`expected \w+ value but got "EOL".*`), "une valeur est attendue"},
	{regexp.MustCompile(`"([^"]*)"`), "«\u202f$1\u202f»"},
	{regexp.MustCompile(`»,«`), "», «"},
	{regexp.MustCompile(`\?$`), "\u202f?"},
}

func french(err error) string {
	text := err.Error()
	for _, form := range errorForms {
		text = form.english.ReplaceAllString(text, form.french)
	}
	return errorWords.Replace(text)
}

type versionCommand struct{}

func (versionCommand) Run(p *program) error {
	_, err := fmt.Fprintln(p.out, "quietude", version())
	return err
}

// version is the module's version, or the revision it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "inconnue"
	}
	v := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && (v == "" || v == "(devel)") {
			v = s.Value[:min(12, len(s.Value))]
		}
	}
	if v == "" {
		v = "(devel)"
	}
	return v
}
