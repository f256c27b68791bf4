package pgtest

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// lockFile opens path and locks it: how is syscall.LOCK_SH or LOCK_EX, with
// LOCK_NB not to wait. The lock lasts until the file is closed, and the kernel
// closes it whatever way the process ends: that is the point. Children don't
// inherit it, since Go opens files close-on-exec.
func lockFile(path string, how int) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	for {
		err = syscall.Flock(int(f.Fd()), how)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	return f, nil
}
