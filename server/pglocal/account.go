package pglocal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// superUser is the account that runs PostgreSQL when the program runs as root:
// PostgreSQL refuses to be root itself.
const superUser = "postgres"

// procFS is where Linux shows processes and their open files.
const procFS = "/proc"

// account is the system user that owns the cluster and runs PostgreSQL.
type account struct {
	uid, gid uint32
	// switched: the program is root and must become this account for PostgreSQL.
	switched bool
}

// serverAccount chooses the account: the current user; for root, the owner of
// an existing cluster, else the user "postgres".
func serverAccount(data string) (account, error) {
	euid := os.Geteuid()
	info, err := os.Stat(data)
	switch {
	case err == nil:
		owner := info.Sys().(*syscall.Stat_t)
		if euid == 0 && owner.Uid != 0 {
			return account{uid: owner.Uid, gid: owner.Gid, switched: true}, nil
		}
		if int(owner.Uid) != euid {
			return account{}, advise(nil, "dossier_d_un_autre",
				"La base de %s appartient à un autre compte (%s). Lancez Quiétude sous ce compte ou en root, ou choisissez un autre dossier avec --data.", data, accountName(owner.Uid))
		}
	case !errors.Is(err, fs.ErrNotExist):
		return account{}, advise(err, "dossier_inaccessible",
			"Le dossier de la base %s ne peut pas être lu. Lancez Quiétude sous le compte qui l'a créé, ou choisissez un autre dossier avec --data.", data)
	}
	if euid != 0 {
		return account{uid: uint32(euid), gid: uint32(os.Getegid())}, nil
	}
	return systemAccount(superUser)
}

func systemAccount(name string) (account, error) {
	u, err := user.Lookup(name)
	if err != nil {
		return account{}, advise(err, "compte_absent",
			"PostgreSQL ne tourne pas en root et le compte « %s » n'existe pas. Installez PostgreSQL (%s), ou lancez Quiétude sous un compte ordinaire.", name, installAdvice)
	}
	uid, errUID := strconv.ParseUint(u.Uid, 10, 32)
	gid, errGID := strconv.ParseUint(u.Gid, 10, 32)
	return account{uid: uint32(uid), gid: uint32(gid), switched: true}, errors.Join(errUID, errGID)
}

func accountName(uid uint32) string {
	if u, err := user.LookupId(strconv.Itoa(int(uid))); err == nil {
		return u.Username
	}
	return strconv.Itoa(int(uid))
}

// credential is what a child process becomes; nil for "stay as you are".
func (a account) credential() *syscall.Credential {
	if !a.switched {
		return nil
	}
	return &syscall.Credential{Uid: a.uid, Gid: a.gid}
}

// canEnter asks the kernel whether the account can cross every parent of dir,
// by starting a program there as that account: permission bits alone would
// miss access lists and namespaces.
func (a account) canEnter(dir string) error {
	cmd := exec.Command("/bin/sh", "-c", ":")
	cmd.Dir = dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: a.credential()}
	return cmd.Run()
}

// throughDescriptor is the data folder as file descriptor 3 of PostgreSQL. A
// path through /proc/self/fd needs no permission on the parents, so that root
// may keep a cluster below a folder that only root can cross (/root, or the
// 0700 of mktemp -d) without opening it to anybody. PostgreSQL moves into the
// folder once and uses relative paths from then on.
const throughDescriptor = "/proc/self/fd/3"

// reachable is how the account names dir: its path when it can follow it, else
// descriptor 3, which commandIn then passes.
func (a account) reachable(dir, proc string) (string, error) {
	err := a.canEnter(dir)
	if err == nil {
		return dir, nil
	}
	if _, noProc := os.Stat(filepath.Join(proc, "self/fd")); !a.switched || noProc != nil {
		return "", advise(err, "dossier_non_traversable",
			"Le compte qui exécute PostgreSQL (%s) ne peut pas entrer dans %s : un dossier parent lui est fermé. Ouvrez-le (chmod o+x sur chaque parent) ou choisissez un autre dossier avec --data.", accountName(a.uid), dir)
	}
	return throughDescriptor, nil
}

// commandIn makes a command run as the account, with dir as descriptor 3. The
// returned function closes our copy of the descriptor once it has started.
func (a account) commandIn(dir, program string, args ...string) (*exec.Cmd, func(), error) {
	folder, err := os.Open(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("open data folder: %w", err)
	}
	cmd := exec.Command(program, args...)
	cmd.Dir = "/"
	cmd.ExtraFiles = []*os.File{folder}
	// PG* variables of the caller must not reach the server.
	cmd.Env = []string{"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: a.credential()}
	return cmd, func() { _ = folder.Close() }, nil
}
