package pglocal

import (
	"bytes"
	"os"
	"sync"
	"syscall"
)

// journalMax is the size in bytes at which the journal turns: one current and
// one previous file, so at most twice this on disk.
const journalMax = 8 << 20

// journal is postgres.log: it receives the standard error of PostgreSQL.
//
// Write never fails. PostgreSQL blocks on a full pipe, so a journal that gave
// up on a full disk would stop the database as well.
type journal struct {
	mu    sync.Mutex
	path  string
	max   int64
	file  *os.File
	size  int64
	fatal string // last FATAL or PANIC line, for error messages
}

func openJournal(path string) (*journal, error) {
	j := &journal{path: path, max: journalMax}
	return j, j.open()
}

func (j *journal) open() error {
	file, err := os.OpenFile(j.path, os.O_WRONLY|os.O_APPEND|os.O_CREATE|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err != nil {
		_ = file.Close()
		return err
	}
	j.file, j.size = file, info.Size()
	return nil
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.note(p)
	if j.size >= j.max {
		j.turn()
	}
	if j.file != nil {
		n, _ := j.file.Write(p)
		j.size += int64(n)
	}
	return len(p), nil
}

func (j *journal) note(p []byte) {
	for line := range bytes.Lines(p) {
		if bytes.Contains(line, []byte("the database system is ")) {
			continue // an answer to our own knocking while it starts
		}
		if i := bytes.Index(line, []byte("FATAL:")); i >= 0 {
			j.fatal = string(bytes.TrimSpace(line[i:]))
		} else if i := bytes.Index(line, []byte("PANIC:")); i >= 0 {
			j.fatal = string(bytes.TrimSpace(line[i:]))
		}
	}
}

// turn starts a new file; on failure it keeps writing to the old one.
func (j *journal) turn() {
	if os.Rename(j.path, j.path+".1") != nil {
		return
	}
	old := j.file
	if j.open() == nil && old != nil {
		_ = old.Close()
	}
}

// lastFatal is the last reason PostgreSQL gave for ending, "" when none.
func (j *journal) lastFatal() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.fatal
}

// forget drops the last reason, before a new attempt.
func (j *journal) forget() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.fatal = ""
}

func (j *journal) close() {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.file != nil {
		_ = j.file.Close()
		j.file = nil
	}
}
