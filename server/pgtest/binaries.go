package pgtest

import (
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// binaries is the folder that holds initdb, postgres and pg_ctl together.
type binaries string

// debianBinaries is where Debian and Ubuntu keep all versions side by side.
const debianBinaries = "/usr/lib/postgresql/*/bin"

// findBinaries looks in the folders of the pattern, whose parents are version
// numbers, newest first, then on the PATH. A PostgreSQL without PostGIS does not count.
func findBinaries(debian string) (binaries, error) {
	folders, _ := filepath.Glob(debian)
	newest, newestVersion := "", 0
	for _, folder := range folders {
		version, err := strconv.Atoi(filepath.Base(filepath.Dir(folder)))
		if err == nil && version > newestVersion && hasPostGIS(folder) {
			newest, newestVersion = folder, version
		}
	}
	if newest != "" {
		return binaries(newest), nil
	}
	if initdb, err := exec.LookPath("initdb"); err == nil {
		if initdb, err = filepath.EvalSymlinks(initdb); err == nil && hasPostGIS(filepath.Dir(initdb)) {
			return binaries(filepath.Dir(initdb)), nil
		}
	}
	return "", errAbsent
}

// hasPostGIS asks pg_config where extensions are, and looks there.
func hasPostGIS(folder string) bool {
	for _, program := range []string{"initdb", "postgres", "pg_ctl"} {
		if _, err := os.Stat(filepath.Join(folder, program)); err != nil {
			return false
		}
	}
	share, err := shareDir(folder)
	if err != nil {
		return false
	}
	_, err = os.Stat(filepath.Join(share, "extension", "postgis.control"))
	return err == nil
}

// account is the user that runs PostgreSQL, which refuses to run as root: the
// current one, or for root the user postgres, which packages create.
type account struct{ credential *syscall.Credential }

func findAccount() (account, error) {
	if os.Geteuid() != 0 {
		return account{}, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return account{}, errAbsent
	}
	uid, errUID := strconv.ParseUint(u.Uid, 10, 32)
	gid, errGID := strconv.ParseUint(u.Gid, 10, 32)
	if errUID != nil || errGID != nil {
		return account{}, errAbsent
	}
	return account{&syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
}

// ownDir makes an empty folder that only the account (and root) can enter.
func (a account) ownDir(path string) error {
	if err := os.RemoveAll(path); err != nil {
		return err
	}
	if err := os.Mkdir(path, 0o700); err != nil {
		return err
	}
	if a.credential == nil {
		return nil
	}
	return os.Chown(path, int(a.credential.Uid), int(a.credential.Gid))
}

// command prepares a program of PostgreSQL to run as the account.
func (a account) command(b binaries, program string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(string(b), program), args...)
	cmd.Dir = "/" // the current folder may be closed to the account
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: a.credential}
	return cmd
}

func shareDir(folder string) (string, error) {
	out, err := exec.Command(filepath.Join(folder, "pg_config"), "--sharedir").Output()
	return strings.TrimSpace(string(out)), err
}
