package roomtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"github.com/google/uuid"
)

// ownDisk, in the environment, makes the test binary give a folder a small disk
// of its own, in bytes, and then become another program.
const ownDisk = "ROOMTEST_OWN_DISK"

// onOwnDisk mounts the disk on dir and becomes the command; it returns only to
// say why it could not. It runs in a mount namespace that ends with it.
func onOwnDisk(size, dir string, command []string) error {
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size+",mode=0711"); err != nil {
		return fmt.Errorf("mount a small disk: %w", err)
	}
	if err := os.Unsetenv(ownDisk); err != nil {
		return err
	}
	return syscall.Exec(command[0], command, os.Environ())
}

// nodeOnDisk starts a node whose data folder is a disk of so many bytes. Root
// needs a mount namespace for it; anybody else one inside a user namespace, with
// the capability to mount there.
func nodeOnDisk(t *testing.T, size int64) *Node {
	t.Helper()
	needPostgreSQL(t)
	binary, err := built()
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp(scratch, "disk-")
	if err == nil {
		err = os.Chmod(dir, 0o711)
	}
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("/proc/self/exe", dir, binary, "serve", "--listen", "127.0.0.1:0", "--data", dir)
	cmd.Env = append(os.Environ(), ownDisk+"="+strconv.FormatInt(size, 10))
	cmd.SysProcAttr = &syscall.SysProcAttr{Unshareflags: syscall.CLONE_NEWNS}
	if uid, gid := os.Geteuid(), os.Getegid(); uid != 0 {
		const sysAdmin = 21 // CAP_SYS_ADMIN, capabilities(7)
		cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS, AmbientCaps: []uintptr{sysAdmin},
			UidMappings: []syscall.SysProcIDMap{{ContainerID: uid, HostID: uid, Size: 1}},
			GidMappings: []syscall.SysProcIDMap{{ContainerID: gid, HostID: gid, Size: 1}}}
	}
	ctx, cancel := context.WithTimeout(t.Context(), startTime)
	defer cancel()
	n, err := startCommand(ctx, cmd, Node{binary: binary, data: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.Kill)
	// The mount is the node's alone; the kernel shows its files here.
	n.data = filepath.Join("/proc", strconv.Itoa(n.cmd.Process.Pid), "root", dir)
	return n
}

// fill takes the disk of a node but for so many bytes; empty gives it back.
func fill(t *testing.T, n *Node, leave int64) (empty func()) {
	t.Helper()
	f, err := os.Create(filepath.Join(n.data, "autre-chose"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var disk syscall.Statfs_t
	if err := syscall.Statfs(n.data, &disk); err != nil {
		t.Fatal(err)
	}
	// PostgreSQL writes meanwhile: what cannot be had at once is had in parts.
	want := int64(disk.Bavail)*disk.Bsize - leave
	for size, part := int64(0), want; size < want && part > disk.Bsize; {
		take := min(part, want-size)
		err := syscall.Fallocate(int(f.Fd()), 0, size, take)
		switch {
		case err == nil:
			size += take
		case errors.Is(err, syscall.ENOSPC):
			part = take / 2
		default:
			t.Fatal(err)
		}
	}
	return func() {
		t.Helper()
		if err := os.Remove(f.Name()); err != nil {
			t.Fatal(err)
		}
	}
}

// probe writes one operation of the animateur, once, and records it.
func probe(ctx context.Context, h *Hall, j *Journal) error {
	op := share(true)
	j.Ask("animateur", op.ID, op)
	receipts, err := h.Staff.Write(ctx, h.Atelier.ID, []Operation{op})
	if err == nil {
		j.Answer(receipts[0])
	}
	return err
}

// A full disk: writing stops with a sentence, reading goes on, and once there is
// room again everything that was acknowledged is there and the devices send what
// they kept, without anybody restarting anything.
func TestFullDiskStopsWritingNotReading(t *testing.T) {
	t.Parallel()
	const mebibyte = 1 << 20
	for name, leave := range map[string]int64{
		"nearly full": 40 * mebibyte, // less than the reserve, more than PostgreSQL needs
		"at once":     0,             // before anybody could look
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := nodeOnDisk(t, 384*mebibyte)
			h := openHall(t, n, 2)
			j := NewJournal()
			var phones []*phone
			var devices []*Device
			var stores []*Storage
			for i := range 4 {
				p := arrive(t, fmt.Sprint("phone ", i), n, h.Code(i), NewHand(h, uint64(870+i)), j)
				phones, devices, stores = append(phones, p), append(devices, p.device), append(stores, p.storage)
			}
			drawAll := func(each int) {
				for _, p := range phones {
					for range each {
						p.storage.Draw(p.hand.Next())
					}
				}
			}
			drawAll(40)
			awaitAnswers(t, j, 40)
			server, err := n.postmaster()
			if err != nil {
				t.Fatal(err)
			}
			empty := fill(t, n, leave)
			ctx := within(t)
			await(t, "writing is refused", func() bool {
				err := probe(ctx, h, j)
				var r *refusal
				if !errors.As(err, &r) {
					return false
				}
				if r.Status != 503 || r.Detail == "" || r.after <= 0 {
					t.Fatalf("on a full disk: %+v, to be asked again after %v", r.Problem, r.after)
				}
				return r.Code == "lecture_seule"
			})
			drawAll(10)
			snapshot, err := h.Staff.Snapshot(ctx, h.Atelier.ID)
			if err != nil {
				t.Fatalf("reading on a full disk: %v", err)
			}
			if log, err := h.Staff.Log(ctx, h.Atelier.ID, 0); err != nil || int64(len(log)) < snapshot.Seq {
				t.Errorf("the log on a full disk: %d of %d entries, %v", len(log), snapshot.Seq, err)
			}
			if err := h.Staff.Stream(ctx, h.Atelier.ID, -1, func(e Event) error {
				if e.Name == "snapshot" {
					return errSeen
				}
				return nil
			}); !errors.Is(err, errSeen) {
				t.Errorf("a new reader on a full disk: %v", err)
			}
			await(t, "sitting down is refused", func() bool {
				_, err := NewClient(n.Base).Join(ctx, h.Code(0), uuid.New(), "")
				p := problemOf(err)
				return p != nil && p.Code == "lecture_seule"
			})
			waiting := 0
			for _, s := range stores {
				waiting += s.Waiting()
			}
			if waiting < 4*10 {
				t.Errorf("only %d operations are kept on the devices", waiting)
			}
			empty()
			allAnswered(t, j, stores...)
			if err := probe(ctx, h, j); err != nil {
				t.Errorf("with room again: %v", err)
			}
			judge(t, h, j, devices...)
			// Filled at once it may end, if it was just then beginning a new
			// segment of its journal; the ballast brings it back.
			if now, err := n.postmaster(); leave > 0 && (err != nil || now != server) {
				t.Errorf("PostgreSQL ended because of the disk: %d was %d, %v", now, server, err)
			}
		})
	}
}

var errSeen = errors.New("seen")
