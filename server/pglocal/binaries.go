package pglocal

import (
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// The oldest versions that the schema is written for.
const (
	minPostgres     = 14
	minPostGISMajor = 3
	minPostGISMinor = 3
)

// installAdvice is the command for Debian 12; later Debians replace 15.
const installAdvice = "apt-get install postgresql-15-postgis-3"

// Binaries is one installed PostgreSQL that can make PostGIS.
type Binaries struct {
	Dir     string // folder of postgres and initdb
	Major   int    // 15
	Version string // "15.18"
	PostGIS string // "3.3.2", the version that CREATE EXTENSION would make
}

func (b Binaries) path(program string) string { return filepath.Join(b.Dir, program) }

// FindBinaries returns the newest PostgreSQL of this machine that has PostGIS.
// The error says what to install.
func FindBinaries() (Binaries, error) { return newest(binaryDirs()) }

// chooseBinaries finds the programs for a data folder: those of dir when given,
// and of the version that made the cluster when there is one already.
func chooseBinaries(dir, data string) (Binaries, error) {
	dirs := binaryDirs()
	if dir != "" {
		dirs = []string{dir}
	}
	written, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if err != nil {
		return newest(dirs)
	}
	major := strings.TrimSpace(string(written))
	usable, refused := inspectAll(dirs)
	for _, b := range usable {
		if strconv.Itoa(b.Major) == major {
			return b, nil
		}
	}
	return Binaries{}, advise(refusals(refused), "version_de_la_base",
		"La base de %s a été créée par PostgreSQL %s, qui n'est plus installé avec PostGIS. Installez-le (apt-get install postgresql-%s-postgis-3), ou convertissez la base avec pg_upgrade.", data, major, major)
}

func newest(dirs []string) (Binaries, error) {
	usable, refused := inspectAll(dirs)
	if len(usable) == 0 {
		return Binaries{}, advise(refusals(refused), "postgresql_absent",
			"Aucun PostgreSQL (version %d ou plus) avec PostGIS (version %d.%d ou plus) n'a été trouvé. Installez-le : %s ; ou indiquez une base existante avec --database-url.",
			minPostgres, minPostGISMajor, minPostGISMinor, installAdvice)
	}
	return slices.MaxFunc(usable, func(a, b Binaries) int { return cmp.Compare(a.Major, b.Major) }), nil
}

func refusals(reasons []string) error {
	if len(reasons) == 0 {
		return nil
	}
	return fmt.Errorf("%s", strings.Join(reasons, "; "))
}

// binaryDirs lists where PostgreSQL may be: Debian's folders, those of other
// distributions and of PostgreSQL's own packages, then PATH and pg_config.
func binaryDirs() []string {
	var dirs []string
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin"} {
		found, _ := filepath.Glob(pattern) // only fails on a bad pattern
		dirs = append(dirs, found...)
	}
	if program, err := exec.LookPath("postgres"); err == nil {
		dirs = append(dirs, filepath.Dir(program))
	}
	if bin, err := ask("pg_config", "--bindir"); err == nil {
		dirs = append(dirs, bin)
	}
	slices.Sort(dirs)
	return slices.Compact(dirs)
}

// inspectAll sorts folders into usable installations and reasons against.
func inspectAll(dirs []string) (usable []Binaries, refused []string) {
	for _, dir := range dirs {
		b, err := inspectBinaries(dir)
		if err != nil {
			refused = append(refused, fmt.Sprintf("%s: %v", dir, err))
			continue
		}
		usable = append(usable, b)
	}
	return usable, refused
}

var postgresVersion = regexp.MustCompile(`\(PostgreSQL\) ((\d+)[^ ]*)`)

func inspectBinaries(dir string) (Binaries, error) {
	b := Binaries{Dir: dir}
	said, err := ask(b.path("postgres"), "--version")
	if err != nil {
		return b, err
	}
	match := postgresVersion.FindStringSubmatch(said)
	if match == nil {
		return b, fmt.Errorf("unknown version %q", said)
	}
	b.Version = match[1]
	if b.Major, err = strconv.Atoi(match[2]); err != nil || b.Major < minPostgres {
		return b, fmt.Errorf("PostgreSQL %s is older than %d", b.Version, minPostgres)
	}
	if !isFile(b.path("initdb")) {
		return b, fmt.Errorf("no initdb")
	}
	b.PostGIS, err = postGISOf(shareDirs(b))
	return b, err
}

// shareDirs lists where the extension's control file may be; pg_config, which
// knows, comes with the development package on some systems.
func shareDirs(b Binaries) []string {
	dirs := []string{
		fmt.Sprintf("/usr/share/postgresql/%d", b.Major),
		filepath.Join(b.Dir, "../share/postgresql"),
		filepath.Join(b.Dir, "../share"),
	}
	if share, err := ask(b.path("pg_config"), "--sharedir"); err == nil {
		dirs = append([]string{share}, dirs...)
	}
	return dirs
}

var defaultVersion = regexp.MustCompile(`(?m)^\s*default_version\s*=\s*'((\d+)\.(\d+)[^']*)'`)

func postGISOf(shareDirs []string) (string, error) {
	for _, dir := range shareDirs {
		control, err := os.ReadFile(filepath.Join(dir, "extension/postgis.control"))
		if err != nil {
			continue
		}
		return postGISVersion(string(control))
	}
	return "", fmt.Errorf("no PostGIS (extension/postgis.control)")
}

// postGISVersion reads the version from a control file and refuses an old one.
func postGISVersion(control string) (string, error) {
	match := defaultVersion.FindStringSubmatch(control)
	if match == nil {
		return "", fmt.Errorf("postgis.control names no version")
	}
	major, _ := strconv.Atoi(match[2])
	minor, _ := strconv.Atoi(match[3])
	if major < minPostGISMajor || (major == minPostGISMajor && minor < minPostGISMinor) {
		return "", fmt.Errorf("PostGIS %s is older than %d.%d", match[1], minPostGISMajor, minPostGISMinor)
	}
	return match[1], nil
}

func ask(program string, args ...string) (string, error) {
	out, err := exec.Command(program, args...).Output()
	return strings.TrimSpace(string(out)), err
}
