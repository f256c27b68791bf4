package pglocal

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// acquireLock takes DIR/quietude.lock for this process. The kernel frees an
// flock when its holder dies, however it dies, so the file itself can never be
// stale; it is left in place because removing it would race with a start.
func acquireLock(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, advise(err, "verrou_inaccessible",
			"Le verrou %s ne peut pas être ouvert. Lancez Quiétude sous le compte qui a créé ce dossier, ou vérifiez ses droits.", path)
	}
	if err = flockSoon(file); err == nil {
		return file, nil
	}
	_ = file.Close()
	if !errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, advise(err, "verrou_impossible",
			"Le verrou %s ne peut pas être posé : ce système de fichiers ne le permet pas. Choisissez un dossier local avec --data.", path)
	}
	holder := ""
	if pid, _ := readLock(path); pid != 0 {
		holder = fmt.Sprintf(" (processus %d)", pid)
	}
	return nil, advise(ErrInUse, "dossier_occupe",
		"Un autre Quiétude%s utilise déjà ce dossier de données (verrou %s). Arrêtez-le, ou choisissez un autre dossier avec --data.", holder, path)
}

// lockPatience covers a holder that was killed a moment ago and whose memory the
// kernel is still taking back.
const lockPatience = 500 * time.Millisecond

func flockSoon(file *os.File) error {
	for end := time.Now().Add(lockPatience); ; time.Sleep(lockPatience / 20) {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EWOULDBLOCK) || time.Now().After(end) {
			return err
		}
	}
}

// releaseLock unlocks before it closes: a child that is between fork and exec
// shares the open file for an instant, and closing alone would leave it locked.
func releaseLock(file *os.File) {
	_ = file.Truncate(0)
	_ = syscall.Flock(int(file.Fd()), syscall.LOCK_UN)
	_ = file.Close()
}

// writeLock tells other processes who holds the lock and where the socket is.
func writeLock(file *os.File, sockets string) {
	if file.Truncate(0) == nil {
		_, _ = file.WriteAt([]byte(fmt.Sprintf("%d\n%s\n", os.Getpid(), sockets)), 0)
	}
}

// readLock returns the holder's process id and its socket folder; 0 and ""
// when they have not been written yet.
func readLock(path string) (pid int, sockets string) {
	content, err := os.ReadFile(path)
	if err != nil {
		return 0, ""
	}
	first, rest, _ := strings.Cut(string(content), "\n")
	pid, _ = strconv.Atoi(first)
	sockets, _, _ = strings.Cut(rest, "\n")
	return pid, sockets
}
