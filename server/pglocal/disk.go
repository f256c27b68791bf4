package pglocal

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"syscall"
	"time"
)

// diskReserve is the free space, in bytes, below which the database takes
// nothing new: three segments of its journal and what the server's own work
// (checkpoints, cleaning) still writes. PostgreSQL answers a full disk under
// its journal by ending, and everybody's reads end with it; one that stops
// writing in time goes on reading.
const diskReserve = 64 * mebibyte

// ballastSize is held back in a file of its own, bytes. When somebody else fills
// the disk in one go PostgreSQL may end before it can be stopped from writing,
// and to come back it needs two more segments of its journal: these.
const ballastSize = 32 * mebibyte

// diskLook is how often free space is looked at. It bounds what can be written
// between two looks, which the reserve has to hold.
const diskLook = 250 * time.Millisecond

// The setting lives in a file that is renamed into and out of what PostgreSQL
// reads: renaming needs no free block, writing would.
const (
	readOnlyFile = "quietude-lecture-seule.conf"
	readWriteBin = "quietude-lecture-seule.off"
)

const readOnlyConf = `# Written by Quiétude. While it ends in .conf the disk is nearly full and
# PostgreSQL only reads; Quiétude takes it away when there is room again.
default_transaction_read_only = on
`

// guardDisk turns the database to reading only while the disk is nearly full,
// and back, until the cluster's life ends.
func (c *Cluster) guardDisk() {
	full := false
	for stop := false; !stop; stop = c.pause(diskLook) {
		free, _, err := DiskSpace(c.layout.data())
		if err != nil {
			continue
		}
		// Room for half as much again before writing resumes: not on and off
		// with every checkpoint.
		low, enough := c.options.diskReserve, c.options.diskReserve*3/2
		held := isFile(c.layout.ballast())
		if !held {
			enough += ballastSize
		}
		if free < low && held {
			c.dropBallast()
		}
		if free >= enough && !held {
			c.keepBallast()
		}
		if now := free < low || full && free < enough; now != full && c.setReadOnly(now) == nil {
			full = now
			c.sayDisk(full, free)
		}
	}
}

// keepBallast takes the blocks. Where the file system cannot give them ahead
// (NFS), there is none.
func (c *Cluster) keepBallast() {
	f, err := os.OpenFile(c.layout.ballast(), os.O_WRONLY|os.O_CREATE|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return
	}
	defer func() { _ = f.Close() }()
	if syscall.Fallocate(int(f.Fd()), 0, 0, ballastSize) != nil {
		c.dropBallast()
	}
}

// dropBallast gives the blocks back; a second time is harmless.
func (c *Cluster) dropBallast() { _ = os.Remove(c.layout.ballast()) }

// lighten drops the ballast before a start that would have no room.
func (c *Cluster) lighten() {
	if free, _, err := DiskSpace(c.layout.dir); err == nil && free < ballastSize {
		c.dropBallast()
	}
}

func (c *Cluster) sayDisk(full bool, free int64) {
	if !full {
		c.options.Logger.Info("il y a de nouveau de la place : la base enregistre", "libre_mio", free/mebibyte)
		return
	}
	c.options.Logger.Error("disque presque plein : la base ne fait plus que lire, libérez de la place", "libre_mio", free/mebibyte, "dossier", c.layout.dir)
	// The journal may be what fills the disk: a checkpoint gives back what it no
	// longer needs.
	ctx, cancel := context.WithTimeout(c.life, startTimeout)
	defer cancel()
	admin, closeAdmin, err := c.connect(ctx, adminRole, maintenance)
	if err != nil {
		return
	}
	defer closeAdmin()
	if _, err := admin.Exec(ctx, "CHECKPOINT"); err != nil && ctx.Err() == nil {
		c.options.Logger.Warn("point de reprise impossible", "erreur", err)
	}
}

// setReadOnly changes what new transactions may do. Those under way end as they
// began.
func (c *Cluster) setReadOnly(on bool) error {
	root, err := os.OpenRoot(c.layout.data())
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	from, to := readWriteBin, readOnlyFile
	if !on {
		from, to = to, from
	}
	// Missing: a life before this one had renamed it already.
	if err := root.Rename(from, to); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	// A postmaster that is just being replaced reads the file when it starts.
	for _, p := range withID(processesIn(c.layout.data()), postmasterID(c.layout.data())) {
		_ = p.Signal(syscall.SIGHUP)
	}
	return nil
}
