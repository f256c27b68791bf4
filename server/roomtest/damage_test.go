package roomtest

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
)

// A page of the markers is changed on the disk while PostgreSQL is down. Whoever
// needs it reads a sentence, the rest is served, the log and « quietude doctor »
// name table and page, and with the page as it was everything is there.
func TestDamagedPageIsNamedAndTheRestServed(t *testing.T) {
	t.Parallel()
	n := ownNode(t)
	j := NewJournal()
	touched, whole, crowd := openHall(t, n, 1), openHall(t, n, 1), openHall(t, n, 1)
	fillRoom := func(h *Hall, j *Journal) *Device {
		t.Helper()
		d := seated(t, "phone", n.Base, h, j)
		end := alive(t, d)
		for i := range 30 { // three pages and more
			m := uuid.New()
			d.Storage.Draw(Operation{ID: uuid.New(), Kind: "add", Marker: &m, Felt: []string{"unsafe", "safe"}[i%2], Geometry: NewHand(h, uint64(i)).geometry(false)})
		}
		allAnswered(t, j, d.Storage)
		if err := d.Await(within(t), 30); err != nil {
			t.Fatal(err)
		}
		end()
		return d
	}
	device := fillRoom(touched, j) // takes the first page
	fillRoom(whole, NewJournal())
	fillRoom(crowd, NewJournal())
	// A table of three pages is read whole, whichever room is asked for. A city
	// has more markers than that.
	c := console(t, n)
	for _, sql := range []string{
		`insert into marker select (jsonb_populate_record(m, jsonb_build_object('id', gen_random_uuid()))).*
			from marker m, generate_series(1, 200) where m.atelier = '` + crowd.Atelier.ID.String() + `'`,
		"analyze marker",
	} {
		if _, err := c.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	var file string
	if err := c.QueryRow(t.Context(), "select pg_relation_filepath('marker')").Scan(&file); err != nil {
		t.Fatal(err)
	}
	stop := func() {
		t.Helper()
		if err := errors.Join(n.Signal(syscall.SIGTERM), n.Wait(20*time.Second)); err != nil {
			t.Fatal(err)
		}
	}
	flip := func() {
		t.Helper()
		f, err := os.OpenFile(filepath.Join(n.data, "postgres", file), os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		b := make([]byte, 64)
		const inside = 8192 - 100 // the end of page 0, where its first row lies
		if _, err := f.ReadAt(b, inside); err != nil {
			t.Fatal(err)
		}
		for i := range b {
			b[i] ^= 0xff
		}
		if _, err := f.WriteAt(b, inside); err != nil {
			t.Fatal(err)
		}
	}
	stop()
	flip()
	n = startNode(t, n.data)
	touched.Staff.Base, whole.Staff.Base = n.Base, n.Base

	ctx := within(t)
	_, err := touched.Staff.Snapshot(ctx, touched.Atelier.ID)
	if p := problemOf(err); p == nil || p.Code != "donnees_abimees" || p.Status != 503 || !strings.Contains(p.Detail, "abîmée") {
		t.Errorf("the room on the damaged page: %v", err)
	}
	if s, err := whole.Staff.Snapshot(ctx, whole.Atelier.ID); err != nil || len(s.Markers) != 30 {
		t.Errorf("the other room: %d markers, %v", len(s.Markers), err)
	}
	if receipts, err := whole.Staff.Write(ctx, whole.Atelier.ID, []Operation{share(true)}); err != nil || receipts[0].Seq != 31 {
		t.Errorf("writing to the other room: %+v, %v", receipts, err)
	}
	await(t, "the log names table and page", func() bool {
		return strings.Contains(n.Log(), "relation=marker") && strings.Contains(n.Log(), "page=0")
	})
	binary, err := built()
	if err != nil {
		t.Fatal(err)
	}
	said, err := exec.CommandContext(ctx, binary, "doctor", "--data", n.data).CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 || !strings.Contains(string(said), "table marker : la page 0 est abîmée") {
		t.Errorf("doctor: %v\n%s", err, said)
	}

	stop()
	flip()
	n = startNode(t, n.data)
	touched.Staff.Base = n.Base
	for _, c := range []*Client{device.posts, device.streams} {
		c.Base = n.Base
	}
	alive(t, device)
	judge(t, touched, j, device)
	if said, err := exec.CommandContext(ctx, binary, "doctor", "--data", n.data).CombinedOutput(); !strings.Contains(string(said), "toutes les pages des tables se lisent") {
		t.Errorf("doctor afterwards: %v\n%s", err, said)
	}
}
