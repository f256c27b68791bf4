package pglocal

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// sunPathMax is the longest path of a Unix socket: sun_path has 108 bytes on
// Linux, the last one a NUL.
const sunPathMax = 107

// layout names the places inside one data folder. Absolute, links resolved, so
// that two spellings of a folder are one folder.
type layout struct{ dir string }

func newLayout(dir string) (layout, error) {
	abs, err := filepath.Abs(dir)
	if err == nil {
		err = os.MkdirAll(abs, newDirMode())
	}
	if err == nil {
		abs, err = filepath.EvalSymlinks(abs)
	}
	if err != nil {
		return layout{}, advise(err, "dossier_inaccessible",
			"Le dossier de données %s ne peut pas être créé ou lu. Choisissez-en un autre avec --data, ou vérifiez ses droits.", dir)
	}
	return layout{abs}, nil
}

// newDirMode lets the account of PostgreSQL cross, but not list, a folder that
// root makes; an ordinary user shares with nobody.
func newDirMode() os.FileMode {
	if os.Geteuid() == 0 {
		return 0o711
	}
	return 0o700
}

func (l layout) data() string    { return filepath.Join(l.dir, "postgres") }
func (l layout) partial() string { return filepath.Join(l.dir, "postgres.partiel") }
func (l layout) lock() string    { return filepath.Join(l.dir, "quietude.lock") }
func (l layout) log() string     { return filepath.Join(l.dir, "postgres.log") }
func (l layout) ballast() string { return filepath.Join(l.dir, "reserve") }

// socketCandidates lists where the socket may go, best first. Outside DIR the
// name is a digest of DIR, so that each folder has its own.
func (l layout) socketCandidates() []string {
	sum := sha256.Sum256([]byte(l.dir))
	short := fmt.Sprintf("quietude-%d-%s", os.Geteuid(), hex.EncodeToString(sum[:8]))
	return []string{
		filepath.Join(l.dir, "run"),
		filepath.Join(os.TempDir(), short),
		filepath.Join("/tmp", short),
	}
}

// fitsSocket tells whether dir can hold PostgreSQL's socket: short enough, and
// free of what a list of folders or of hosts would read as a separator.
func fitsSocket(dir string) bool {
	return len(filepath.Join(dir, ".s.PGSQL."+port)) <= sunPathMax &&
		!strings.ContainsAny(dir, ",\"'\\\n\r\t")
}

// makeSockets makes the private folder of the socket and returns its path.
func (l layout) makeSockets(a account) (string, error) {
	var last error
	for _, dir := range l.socketCandidates() {
		if !fitsSocket(dir) {
			continue
		}
		if last = makePrivate(dir, a); last != nil {
			continue
		}
		if last = a.canEnter(dir); last == nil {
			return dir, nil
		}
		_ = os.Remove(dir)
	}
	return "", advise(last, "socket_impossible",
		"Aucun dossier ne convient pour la prise de la base (ni %s/run, ni %s). Donnez un chemin plus court avec --data, ou vérifiez les droits.", l.dir, os.TempDir())
}

// makePrivate makes dir, or takes it over when it is already ours, with mode
// 0700 for the account. A folder prepared by someone else under a guessed name
// is refused: they could connect through it.
func makePrivate(dir string, a account) error {
	if err := os.Mkdir(dir, 0o700); err != nil && !os.IsExist(err) {
		return err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if uid := info.Sys().(*syscall.Stat_t).Uid; !info.IsDir() || (uid != a.uid && uid != uint32(os.Geteuid())) {
		return fmt.Errorf("%s belongs to user %d", dir, uid)
	}
	if err := os.Lchown(dir, int(a.uid), int(a.gid)); err != nil {
		return err
	}
	return os.Chmod(dir, 0o700)
}
