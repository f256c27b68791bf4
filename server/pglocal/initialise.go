package pglocal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"strings"
	"syscall"
)

// initialise makes the cluster when the folder has none.
//
// initdb works in a sibling that is renamed when finished and synced, so that
// DIR/postgres is either absent or complete: an interrupted start just begins
// again. initdb syncs what it writes: --no-sync gains 0.15 s of 0.5 s once in
// a cluster's life and is only for tests.
func (c *Cluster) initialise(ctx context.Context) error {
	data, partial := c.layout.data(), c.layout.partial()
	if isInitialised(data) {
		return nil
	}
	if entries, err := os.ReadDir(data); err == nil && len(entries) > 0 {
		return advise(nil, "base_meconnaissable",
			"Le dossier %s existe mais ne contient pas une base complète. Restaurez une sauvegarde, ou déplacez ce dossier pour repartir d'une base vide.", data)
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return advise(err, "dossier_inaccessible", "Le dossier %s ne peut pas être lu.", data)
	}
	for _, p := range processesIn(partial) {
		_ = p.Kill() // an initdb whose program was killed; its work is thrown away
	}
	c.options.Logger.Info("création de la base", "dossier", data, "postgresql", c.binaries.Version, "postgis", c.binaries.PostGIS)
	var first error
	for _, locale := range localeArgs(c.binaries.Major) {
		err := c.initdb(ctx, partial, locale)
		if err == nil {
			return finishInit(partial, data, c.layout.dir)
		}
		first = firstError(first, err)
		_ = os.RemoveAll(partial)
		if ctx.Err() != nil {
			return interrupted(ctx)
		}
	}
	return advise(first, "initdb_impossible",
		"La base n'a pas pu être créée dans %s. Vérifiez la place libre et les droits du dossier, puis relancez.", c.layout.dir)
}

// localeArgs lists collations, best first. C.UTF-8 sorts by code point, the same
// on every machine and for ever, and still knows that É is the capital of é;
// PostgreSQL 17 brings its own. Plain C always exists, but folds ASCII only.
func localeArgs(major int) [][]string {
	args := [][]string{{"--locale=C.UTF-8"}, {"--locale=C"}}
	if major >= 17 {
		builtin := []string{"--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"}
		args = append([][]string{builtin}, args...)
	}
	return args
}

func (c *Cluster) initdb(ctx context.Context, dir string, locale []string) error {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	if err := os.Lchown(dir, int(c.account.uid), int(c.account.gid)); err != nil {
		return err
	}
	target, err := c.account.reachable(dir, procFS)
	if err != nil {
		return err
	}
	args := append([]string{"-D", target, "-U", adminRole, "--encoding=UTF8", "--data-checksums", "--auth=trust"}, locale...)
	if c.options.FastUnsafe {
		args = append(args, "--no-sync")
	}
	cmd, started, err := c.account.commandIn(dir, c.binaries.path("initdb"), args...)
	if err != nil {
		return err
	}
	defer started()
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	// Half a cluster is worth nothing: it dies with us. The signal comes when
	// the thread that forked ends, so the thread is kept.
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := cmd.Start(); err != nil {
		return err
	}
	defer context.AfterFunc(ctx, func() { _ = cmd.Process.Kill() })()
	if err := cmd.Wait(); err != nil {
		_, _ = c.journal.Write(said.Bytes())
		return fmt.Errorf("initdb: %w: %s", firstError(ctx.Err(), err), lastLine(said.String()))
	}
	return nil
}

// finishInit puts a finished cluster in its place, durably.
func finishInit(partial, data, parent string) error {
	if err := os.Rename(partial, data); err != nil {
		return advise(err, "initdb_impossible", "La base créée ne peut pas être mise en place dans %s. Vérifiez les droits du dossier.", data)
	}
	folder, err := os.Open(parent)
	if err != nil {
		return err
	}
	defer func() { _ = folder.Close() }()
	return folder.Sync()
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}

// firstError is the first error that is not nil.
func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
