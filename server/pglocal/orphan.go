package pglocal

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// How long an orphan may take to end cleanly, then to end at once.
const (
	orphanPatience = 30 * time.Second
	abruptPatience = 3 * time.Second
)

// endOrphans ends whatever an earlier Quiétude left running on the data folder,
// and removes the traces of what no longer runs. The caller holds the lock, so
// no living Quiétude owns these processes.
//
// Processes are recognised by what they are, not by a number in a file:
// PostgreSQL works in its data folder, so its working directory is that very
// folder. Process ids are reused after a reboot, a killed postmaster can leave
// living children, and one that nobody reaps keeps its id as a zombie; in each
// case PostgreSQL, which trusts the number, would refuse to start.
func endOrphans(ctx context.Context, data string, log *slog.Logger) error {
	if !isInitialised(data) {
		return nil
	}
	ladder := []struct {
		signal   syscall.Signal
		patience time.Duration
	}{
		{syscall.SIGINT, orphanPatience}, // fast shutdown: nothing to replay
		{syscall.SIGQUIT, abruptPatience},
		{syscall.SIGKILL, abruptPatience},
	}
	for _, step := range ladder {
		orphans := processesIn(data)
		if len(orphans) == 0 {
			break
		}
		if step.signal == syscall.SIGINT {
			// Its children take SIGINT as "cancel the query", and without their
			// postmaster they cannot end cleanly anyway.
			if orphans = withID(orphans, postmasterID(data)); len(orphans) == 0 {
				continue
			}
		}
		log.Warn("un PostgreSQL d'une session précédente est encore actif : arrêt", "processus", orphans[0].Pid, "signal", step.signal.String())
		for _, p := range orphans {
			_ = p.Signal(step.signal)
		}
		if err := awaitNone(ctx, data, step.patience); err != nil {
			return err
		}
	}
	if left := processesIn(data); len(left) > 0 {
		return advise(nil, "base_orpheline",
			"Un PostgreSQL (processus %d) d'une session précédente occupe encore %s et ne s'arrête pas. Terminez-le à la main, puis relancez.", left[0].Pid, data)
	}
	return removeTrace(filepath.Join(data, "postmaster.pid"))
}

// processesIn lists the PostgreSQL processes whose working directory is dir.
func processesIn(dir string) []*os.Process {
	home, err := os.Stat(dir)
	if err != nil {
		return nil
	}
	entries, err := os.ReadDir(procFS)
	if err != nil {
		return nil
	}
	var found []*os.Process
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		// The handle comes before the look: it names one process for good, so
		// a number reused in between cannot be signalled by mistake.
		process, err := os.FindProcess(pid)
		if err == nil && worksIn(pid, home) {
			found = append(found, process)
		}
	}
	return found
}

func worksIn(pid int, home os.FileInfo) bool {
	base := filepath.Join(procFS, strconv.Itoa(pid))
	cwd, err := os.Stat(filepath.Join(base, "cwd"))
	if err != nil || !os.SameFile(cwd, home) {
		return false
	}
	exe, err := os.Readlink(filepath.Join(base, "exe"))
	// An upgraded package leaves "…/postgres (deleted)".
	return err == nil && strings.HasPrefix(filepath.Base(exe), "postgres")
}

func withID(processes []*os.Process, pid int) []*os.Process {
	for _, p := range processes {
		if p.Pid == pid {
			return []*os.Process{p}
		}
	}
	return nil
}

// postmasterID is the first line of postmaster.pid, 0 when there is none.
func postmasterID(data string) int {
	content, _ := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	line, _, _ := strings.Cut(string(content), "\n")
	pid, _ := strconv.Atoi(line)
	return pid
}

// awaitNone returns when no PostgreSQL works in data, or when patience is over:
// an error only for ctx. These are not our children, so there is nothing to
// wait on but the list.
func awaitNone(ctx context.Context, data string, patience time.Duration) error {
	end := time.NewTimer(patience)
	defer end.Stop()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for len(processesIn(data)) > 0 {
		select {
		case <-ctx.Done():
			return interrupted(ctx)
		case <-end.C:
			return nil
		case <-look.C:
		}
	}
	return nil
}

// removeTrace removes a file that may be missing.
func removeTrace(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return advise(err, "trace_non_effacee", "Le fichier périmé %s ne peut pas être effacé. Vérifiez les droits du dossier.", path)
	}
	return nil
}
