package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"quietude/migrations"
	"quietude/server/pglocal"
	"quietude/server/store"
)

type doctorCommand struct {
	Storage `embed:""`
}

// finding is one thing that was looked at.
type finding struct {
	ok     bool
	what   string
	remedy string // what to do when not ok
}

func good(what string, args ...any) finding {
	return finding{ok: true, what: fmt.Sprintf(what, args...)}
}

func bad(remedy, what string, args ...any) finding {
	return finding{what: fmt.Sprintf(what, args...), remedy: remedy}
}

// failed tells an error that already says what to do.
func failed(what string, err error) finding { return finding{what: what, remedy: sentence(err)} }

// Run looks at the installation without changing it (a private database that is
// stopped is started for a moment) and exits with 1 when something must be done.
func (c *doctorCommand) Run(p *program) error {
	if err := c.check(); err != nil {
		return err
	}
	ctx, cancel := p.untilSignal(c.logger(io.Discard))
	defer cancel()
	// Every page of every table is read: minutes where there are millions of rows.
	ctx, stop := context.WithTimeout(ctx, 15*time.Minute)
	defer stop()
	findings := c.examine(ctx)
	todo := 0
	for _, f := range findings {
		line := "ok        " + f.what
		if !f.ok {
			todo++
			line = "problème  " + f.what + "\n          → " + f.remedy
		}
		if err := p.say(line); err != nil {
			return err
		}
	}
	if todo > 0 {
		return exitCode(1)
	}
	return nil
}

func (c *doctorCommand) examine(ctx context.Context) []finding {
	out := []finding{good("quietude %s", version())}
	if c.DatabaseURL != "" {
		return append(out, c.foreign(ctx)...)
	}
	binaries, err := pglocal.FindBinaries()
	if err != nil {
		return append(out, failed("PostgreSQL et PostGIS", err))
	}
	out = append(out, versionFinding(binaries))
	folder, usable := c.folder()
	out = append(out, folder...)
	if !usable {
		return out
	}
	return append(out, c.private(ctx)...)
}

// Oldest versions that the service is made for.
const (
	oldestPostgreSQL = 14
	oldestPostGIS    = "3.3"
)

func versionFinding(b pglocal.Binaries) finding {
	if b.Major < oldestPostgreSQL || !atLeast(b.PostGIS, oldestPostGIS) {
		return bad("Installez-en de plus récents, par exemple : apt-get install postgresql-15-postgis-3",
			"PostgreSQL %s et PostGIS %s (%s) : il faut au moins %d et %s", b.Version, b.PostGIS, b.Dir, oldestPostgreSQL, oldestPostGIS)
	}
	return good("PostgreSQL %s et PostGIS %s (%s)", b.Version, b.PostGIS, b.Dir)
}

// atLeast compares versions number by number: 3.10 is newer than 3.9.
func atLeast(version, oldest string) bool {
	var v, o [2]int
	_, errV := fmt.Sscanf(version+".0", "%d.%d", &v[0], &v[1])
	_, errO := fmt.Sscanf(oldest, "%d.%d", &o[0], &o[1])
	return errV == nil && errO == nil && (v[0] > o[0] || v[0] == o[0] && v[1] >= o[1])
}

// leastFree is what the journal of PostgreSQL (1 GB at most) needs beside the
// data.
const leastFree = 2 << 30

// folder looks at the data folder; usable says that a database can be opened
// there.
func (c *doctorCommand) folder() (out []finding, usable bool) {
	info, err := os.Stat(c.Data)
	if errors.Is(err, fs.ErrNotExist) {
		parent := filepath.Dir(filepath.Clean(c.Data))
		out = append(out, good("dossier de données %s : pas encore créé, « quietude serve » le fera", c.Data))
		return append(out, diskFinding(parent)), false
	}
	if err != nil || !info.IsDir() {
		return []finding{bad("Choisissez un autre dossier avec --data, ou vérifiez ses droits.", "dossier de données %s : illisible", c.Data)}, false
	}
	if mode := info.Mode().Perm(); mode&0o022 != 0 {
		out = append(out, bad("chmod go-w "+c.Data, "dossier de données %s : d’autres comptes peuvent y écrire (%o)", c.Data, mode))
	} else {
		out = append(out, good("dossier de données %s (droits %o)", c.Data, mode))
	}
	out = append(out, demoFinding(filepath.Join(c.Data, "demo.json"))...)
	out = append(out, diskFinding(c.Data))
	if _, err := os.Stat(filepath.Join(c.Data, "postgres", "PG_VERSION")); err != nil {
		return append(out, good("base privée : pas encore créée, « quietude serve » le fera")), false
	}
	return out, true
}

// demoFinding looks at the file of codes and tokens, which is for one person.
func demoFinding(path string) []finding {
	info, err := os.Stat(path)
	if err != nil {
		return nil
	}
	if info.Mode().Perm()&0o077 != 0 {
		return []finding{bad("chmod 600 "+path, "%s contient des jetons et d’autres comptes peuvent le lire", path)}
	}
	return nil
}

func diskFinding(dir string) finding {
	free, size, err := pglocal.DiskSpace(dir)
	if err != nil {
		return bad("Vérifiez que le dossier existe et que le disque est monté.", "place sur le disque : inconnue (%v)", err)
	}
	text := fmt.Sprintf("place libre : %.1f Gio sur %.1f", float64(free)/(1<<30), float64(size)/(1<<30))
	if free < leastFree {
		return bad("Libérez de la place : en dessous de 2 Gio, la base peut devoir refuser les écritures.", "%s", text)
	}
	return good("%s", text)
}

// private looks into the private database, beside a running server or alone.
func (c *doctorCommand) private(ctx context.Context) []finding {
	cluster, err := pglocal.Open(ctx, pglocal.Options{Dir: c.Data, Logger: c.logger(io.Discard)})
	if err != nil {
		return []finding{failed("base privée", err)}
	}
	defer func() {
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
		defer cancel()
		_ = cluster.Stop(stop)
	}()
	report, err := cluster.Inspect(ctx)
	if err != nil {
		return []finding{failed("base privée", err)}
	}
	out := append(databaseFindings(ctx, report, cluster.URL()), publicFinding(ctx, cluster.PublicURL()))
	return append(out, damageFindings(cluster.FindDamage(ctx))...)
}

// foreign looks into a database that others run.
func (c *doctorCommand) foreign(ctx context.Context) []finding {
	conn, err := pgx.Connect(ctx, c.DatabaseURL)
	if err != nil {
		return []finding{bad("Vérifiez DATABASE_URL et que PostgreSQL tourne.", "base de données : injoignable (%v)", err)}
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	report, err := pglocal.Inspect(ctx, conn)
	if err != nil {
		return []finding{failed("base de données", err)}
	}
	out := append(databaseFindings(ctx, report, c.DatabaseURL), publicFinding(ctx, c.PublicURL))
	return append(out, damageFindings(pglocal.FindDamage(ctx, conn))...)
}

// damageFindings names the pages that the disk has changed. What they held is
// known to nobody but a backup; nothing is repaired here.
func damageFindings(damaged []pglocal.Damage, err error) (out []finding) {
	const remedy = "Changez de disque si cela se répète, et restaurez cette table depuis une sauvegarde. N’écrivez rien par-dessus : gardez une copie du dossier de données."
	for _, d := range damaged {
		out = append(out, bad(remedy, "table %s : la page %d est abîmée (somme de contrôle fausse)", d.Table, d.Block))
	}
	switch {
	case err != nil:
		out = append(out, failed("lecture de toutes les pages : interrompue", err))
	case len(damaged) == 0:
		out = append(out, good("toutes les pages des tables se lisent"))
	}
	return out
}

// publicFinding looks at what the role of the public pages can reach.
func publicFinding(ctx context.Context, url string) finding {
	if url == "" {
		return bad("Demandez à l’administrateur : CREATE ROLE quietude_public LOGIN PASSWORD '…'; puis donnez QUIETUDE_PUBLIC_DATABASE_URL.",
			"pages publiques : aucun rôle, elles ne montrent aucune édition")
	}
	public, err := store.OpenPublic(ctx, url)
	if err != nil {
		return failed("pages publiques", err)
	}
	defer public.Close()
	role, err := public.Role(ctx)
	if err != nil {
		return failed("pages publiques", err)
	}
	return good("pages publiques : le rôle %s ne lit que les éditions", role)
}

// sealFinding says whether the service could rewrite the logs of readings and
// sign-ins.
func sealFinding(ctx context.Context, url string) finding {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return failed("journal des consultations", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	sealed, err := migrations.LogSealed(ctx, conn)
	switch {
	case err != nil:
		return failed("journal des consultations", err)
	case !sealed:
		return bad("Mettez la base à jour (quietude migrate), puis faites exécuter par son administrateur ce qu’affiche « quietude migrate --seal ».",
			"journal des consultations : le rôle du service pourrait le réécrire")
	}
	return good("journal des consultations : le service y ajoute et le lit, sans pouvoir le changer")
}

func databaseFindings(ctx context.Context, r pglocal.Report, url string) []finding {
	out := []finding{good("base %s sur PostgreSQL %s, %.1f Mio", r.Database, r.Server, float64(r.SizeBytes)/(1<<20))}
	if r.Major < oldestPostgreSQL {
		out = append(out, bad("Mettez PostgreSQL à jour.", "PostgreSQL %d : il faut au moins %d", r.Major, oldestPostgreSQL))
	}
	switch {
	case r.PostGIS == "":
		out = append(out, bad("Demandez à l’administrateur de la base : CREATE EXTENSION postgis;", "PostGIS manque dans la base"))
	case !atLeast(r.PostGIS, oldestPostGIS):
		out = append(out, bad("Mettez PostGIS à jour.", "PostGIS %s : il faut au moins %s", r.PostGIS, oldestPostGIS))
	case r.Library != "" && r.Library != r.PostGIS:
		out = append(out, bad("Demandez à l’administrateur de la base : SELECT postgis_extensions_upgrade();",
			"PostGIS %s dans la base, %s installé", r.PostGIS, r.Library))
	default:
		out = append(out, good("PostGIS %s dans la base", r.PostGIS))
	}
	if len(r.Unsafe) > 0 {
		out = append(out, bad("Remettez ces réglages sur « on » : une panne ferait perdre des repères déjà confirmés.", "réglages dangereux : %s", strings.Join(r.Unsafe, ", ")))
	} else {
		out = append(out, good("durabilité : fsync, full_page_writes et synchronous_commit"))
	}
	if r.Settings["default_transaction_read_only"] == "on" {
		out = append(out, bad("Libérez de la place sur le disque : l’enregistrement reprend de lui-même.", "la base ne fait que lire"))
	}
	if r.Superuser {
		out = append(out, bad("Connectez-vous avec un rôle ordinaire, propriétaire de la base.", "le service se connecte en superutilisateur (%s)", r.Role))
	}
	if r.Settings["data_checksums"] == "off" {
		out = append(out, bad("Arrêtez cette base et lancez pg_checksums --enable.", "les sommes de contrôle des pages sont désactivées"))
	}
	out = append(out, sealFinding(ctx, url))
	out = append(out, good("mémoire : shared_buffers %s, work_mem %s, connexions %s", r.Settings["shared_buffers"], r.Settings["work_mem"], r.Settings["max_connections"]))
	current, err := migrations.Current(ctx, url)
	switch {
	case err != nil:
		out = append(out, failed("migrations", err))
	case !current:
		out = append(out, bad("Lancez « quietude migrate » (« quietude serve » le fait aussi).", "migrations : la base n’est pas à jour"))
	default:
		out = append(out, good("migrations : à jour"))
	}
	return out
}
