package pglocal

import (
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestFindBinaries(t *testing.T) {
	b, err := FindBinaries()
	check(t, err)
	if b.Major < minPostgres || b.PostGIS == "" || !isFile(b.path("postgres")) {
		t.Errorf("got %+v", b)
	}
	for _, dirs := range [][]string{nil, {t.TempDir()}} {
		if _, err := newest(dirs); err == nil || !strings.Contains(err.Error(), "apt-get install postgresql-15-postgis-3") {
			t.Errorf("nothing in %v: got %v", dirs, err)
		}
	}
}

func TestBinariesFollowTheDataFolder(t *testing.T) {
	data := t.TempDir()
	check(t, os.WriteFile(filepath.Join(data, "PG_VERSION"), []byte("9.6\n"), 0o600))
	if _, err := chooseBinaries("", data); err == nil || !strings.Contains(err.Error(), "créée par PostgreSQL 9.6") {
		t.Errorf("got %v", err)
	}
}

// fakePostgres is a folder whose postgres only says its version.
func fakePostgres(t *testing.T, version string) string {
	t.Helper()
	dir := t.TempDir()
	check(t, os.WriteFile(filepath.Join(dir, "postgres"), []byte("#!/bin/sh\necho 'postgres (PostgreSQL) "+version+"'\n"), 0o755))
	return dir
}

func TestInspectBinariesRefuses(t *testing.T) {
	for version, want := range map[string]string{"13.9": "older than 14", "16beta1": "no initdb", "neuf": "unknown version"} {
		if b, err := inspectBinaries(fakePostgres(t, version)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %+v, %v, want %q", version, b, err, want)
		}
	}
}

func TestPostGISVersion(t *testing.T) {
	for control, want := range map[string]string{
		"# postgis\ndefault_version = '3.3.2'\nrelocatable = false": "3.3.2",
		"default_version='3.10.0dev'":                               "3.10.0dev",
		"default_version = '4.0.0'":                                 "4.0.0",
		"default_version = '3.2.9'":                                 "",
		"default_version = '2.5.5'":                                 "",
		"relocatable = false":                                       "",
	} {
		if got, err := postGISVersion(control); got != want || (err != nil) != (want == "") {
			t.Errorf("%q: got %q, %v, want %q", control, got, err, want)
		}
	}
}

func TestFitsSocket(t *testing.T) {
	longest := "/" + strings.Repeat("é", (sunPathMax-len("/.s.PGSQL.5432")-1)/2)
	for dir, want := range map[string]bool{"/tmp/a b": true, longest: true, longest + "é": false, "/a,b": false, `/a"b`: false} {
		if fitsSocket(dir) != want {
			t.Errorf("%q: got %v, want %v", dir, !want, want)
		}
	}
}

func TestMakePrivateRefusesWhatOthersPrepared(t *testing.T) {
	dir := t.TempDir()
	link := filepath.Join(dir, "lien")
	check(t, os.Symlink(dir, link))
	a := account{uid: uint32(os.Geteuid()), gid: uint32(os.Getegid())}
	if err := makePrivate(link, a); err == nil {
		t.Error("a link was accepted")
	}
	if err := makePrivate("/proc/1", account{uid: 12345, gid: 12345}); err == nil {
		t.Error("a folder that is not ours was accepted")
	}
}

func TestUnsafeSettings(t *testing.T) {
	on := map[string]string{"fsync": "on", "full_page_writes": "on", "synchronous_commit": "remote_apply"}
	if got := unsafeSettings(on); got != nil {
		t.Errorf("got %v for %v", got, on)
	}
	mixed := map[string]string{"fsync": "off", "full_page_writes": "on", "synchronous_commit": "off"}
	if got := unsafeSettings(mixed); !slices.Equal(got, []string{"fsync=off", "synchronous_commit=off"}) {
		t.Errorf("got %v for %v", got, mixed)
	}
	if got := unsafeSettings(nil); len(got) != len(durable) {
		t.Errorf("unknown settings passed: %v", got)
	}
}

func TestMemoryFrom(t *testing.T) {
	meminfo := "MemTotal:       2048000 kB\nMemFree: 1 kB\n"
	for _, c := range []struct {
		meminfo, limit string
		want           int64
	}{
		{meminfo, "max\n", 2048000 << 10},
		{meminfo, "", 2048000 << 10},
		{meminfo, "536870912\n", 512 << 20},
		{"", "", 1 << 30},
	} {
		if got := memoryFrom(c.meminfo, c.limit); got != c.want {
			t.Errorf("%q, %q: got %d, want %d", c.meminfo, c.limit, got, c.want)
		}
	}
}

func TestPostgresConfFollowsMemory(t *testing.T) {
	for memory, want := range map[int64]string{
		256 << 20: "shared_buffers = 64MB",
		2 << 30:   "shared_buffers = 256MB",
		64 << 30:  "shared_buffers = 1024MB",
	} {
		if conf := postgresConf(memory); !strings.Contains(conf, want) {
			t.Errorf("%d bytes: no %q in\n%s", memory, want, conf)
		}
	}
}

func TestURLSurvivesOddNames(t *testing.T) {
	c := &Cluster{options: Options{Database: "quié tude/é?"}, sockets: "/tmp/a b&c"}
	u, err := url.Parse(c.URL())
	check(t, err)
	if u.Path != "/quié tude/é?" || u.Query().Get("host") != "/tmp/a b&c" || strings.Contains(c.URL(), "+") {
		t.Errorf("got %s", c.URL())
	}
}

func TestJournalTurnsAndNeverFails(t *testing.T) {
	path := filepath.Join(t.TempDir(), "postgres.log")
	j, err := openJournal(path)
	check(t, err)
	j.max = 100
	line := []byte(strings.Repeat("x", 59) + "\n")
	for range 10 {
		if n, err := j.Write(line); n != len(line) || err != nil {
			t.Fatalf("got %d, %v", n, err)
		}
	}
	for _, name := range []string{path, path + ".1"} {
		info, err := os.Stat(name)
		check(t, err)
		if info.Size() != 120 {
			t.Errorf("%s holds %d bytes, want 120", name, info.Size())
		}
	}
	_, _ = j.Write([]byte("FATAL:  the database system is starting up\nx FATAL:  no space left\n"))
	if got := j.lastFatal(); got != "FATAL:  no space left" {
		t.Errorf("got %q", got)
	}
	j.close()
	if n, err := j.Write(line); n != len(line) || err != nil {
		t.Errorf("closed journal: got %d, %v", n, err)
	}
}

func TestOptionsWithoutFolder(t *testing.T) {
	if _, err := Start(t.Context(), Options{}); err == nil || !strings.Contains(err.Error(), "--data") {
		t.Errorf("got %v", err)
	}
}
