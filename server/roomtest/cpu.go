package roomtest

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// CPU is processor time used so far.
type CPU struct{ Server, PostgreSQL, Client time.Duration }

// Sub is what was used since an earlier reading.
func (c CPU) Sub(earlier CPU) CPU {
	return CPU{c.Server - earlier.Server, c.PostgreSQL - earlier.PostgreSQL, c.Client - earlier.Client}
}

// CPU reads the processor time of the node, of its private PostgreSQL and of
// this process. On a machine that others use too it says more than the clock.
// What a backend used that has ended since is not in it.
func (n *Node) CPU() (CPU, error) {
	var c CPU
	var self syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &self); err != nil {
		return c, err
	}
	c.Client = time.Duration(self.Utime.Nano() + self.Stime.Nano())
	postmaster, err := n.postmaster()
	if err != nil {
		return c, err
	}
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return c, err
	}
	for _, path := range stats {
		pid, parent, used := processStat(path)
		switch {
		case pid == n.cmd.Process.Pid:
			c.Server = used
		case pid == postmaster || parent == postmaster:
			c.PostgreSQL += used
		}
	}
	return c, nil
}

// processStat reads /proc/PID/stat (proc(5)): process, parent, and user and
// system time in ticks of 10 ms. A process that has just ended gives zeros.
func processStat(path string) (pid, parent int, used time.Duration) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, 0, 0
	}
	// The name, in parentheses, may hold spaces.
	head, rest, _ := strings.Cut(string(text), " (")
	_, rest, _ = strings.Cut(rest[max(0, strings.LastIndexByte(rest, ')')):], " ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0, 0, 0
	}
	number := func(s string) int { n, _ := strconv.Atoi(s); return n }
	return number(head), number(fields[1]), time.Duration(number(fields[11])+number(fields[12])) * 10 * time.Millisecond
}
