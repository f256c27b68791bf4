package roomtest

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// noMoreMemory lets a process keep what it has and gives it nothing more: the
// next growth of its heap or of its threads fails.
func noMoreMemory(t *testing.T, pid int) {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid)) // proc(5): pages, the first is the whole size
	if err != nil {
		t.Fatal(err)
	}
	pages, err := strconv.ParseUint(string(bytes.Fields(text)[0]), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	limit := pages * uint64(os.Getpagesize())
	rlimit := syscall.Rlimit{Cur: limit, Max: limit}
	if _, _, errno := syscall.RawSyscall6(syscall.SYS_PRLIMIT64, uintptr(pid), syscall.RLIMIT_AS,
		uintptr(unsafe.Pointer(&rlimit)), 0, 0, 0); errno != 0 {
		t.Fatal(errno)
	}
}

var outOfMemory = regexp.MustCompile(`cannot allocate memory|out of memory|failed to create new OS thread|pthread_create failed|failed to allocate`)

// Memory runs out twice: the kernel takes one process of PostgreSQL, then the
// program itself gets no more and ends. Both come back, and nothing that was
// acknowledged is missing.
func TestMemoryLimitLosesNothing(t *testing.T) {
	t.Parallel()
	const each = 120
	node := ownNode(t)
	h := openHall(t, node, 2)
	j := NewJournal()
	var phones []*phone
	var devices []*Device
	var stores []*Storage
	var drawing sync.WaitGroup
	for i := range 6 {
		p := arrive(t, fmt.Sprint("phone ", i), node, h.Code(i), NewHand(h, uint64(880+i)), j)
		phones, devices, stores = append(phones, p), append(devices, p.device), append(stores, p.storage)
		drawing.Go(func() { p.draw(t.Context(), each, 20*time.Millisecond) })
	}
	total := each * len(phones)
	awaitAnswers(t, j, total/5)
	var backend int
	if err := console(t, node).QueryRow(t.Context(), `select pid from pg_stat_activity
		where application_name = 'quietude' and datname = current_database() and pid <> pg_backend_pid() limit 1`).Scan(&backend); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(backend, syscall.SIGKILL); err != nil { // what the kernel does to the largest
		t.Fatal(err)
	}
	awaitAnswers(t, j, total*2/5)

	noMoreMemory(t, node.cmd.Process.Pid)
	pushing, enough := context.WithTimeout(t.Context(), time.Minute)
	defer enough()
	var push sync.WaitGroup
	for range 200 {
		push.Go(func() {
			c := NewClient(node.Base)
			defer c.Close()
			// Each holds a connection, a reader and a snapshot.
			for pushing.Err() == nil {
				_ = c.Stream(pushing, h.Atelier.ID, 0, func(Event) error { return nil })
				select {
				case <-pushing.Done():
				case <-node.exited:
					return
				}
			}
		})
	}
	select {
	case <-node.exited:
	case <-pushing.Done():
		t.Fatal("the program goes on without memory: nothing is proved")
	}
	enough()
	push.Wait()
	// The race detector's own allocator ends the program without a word.
	if node.status == nil || !raceDetector && !outOfMemory.MatchString(node.Death()) {
		t.Errorf("the program ended for another reason: %q\n%s", node.Death(), node.Log())
	}
	node = startNode(t, node.data)
	h.Staff.Base = node.Base
	for _, p := range phones {
		p.wifi.Aim(node.Host())
	}
	drawing.Wait()
	allAnswered(t, j, stores...)
	judge(t, h, j, devices...)
}
