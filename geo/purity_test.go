package geo_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// forbidden is what no package under geo may import, even through another.
// orb brings os and net/url with it, so they cannot be listed.
var forbidden = map[string]string{
	"net/http":                 "geo is pure: no I/O",
	"database/sql":             "geo is pure: no I/O",
	"github.com/jackc/pgx/v5":  "geometry meets the database in server/pgorb",
	"github.com/gin-gonic/gin": "geo knows no transport",
	"quietude/server/fault":    "geo says why in English words, others in sentences",
	"quietude/server/atelier":  "the domain uses geo, not the reverse",
}

// doors are the libraries that one package keeps to itself.
var doors = map[string]string{
	"github.com/uber/h3-go/v4":   "quietude/geo/hexgrid",
	"github.com/twpayne/go-geom": "quietude/geo/geomconv quietude/geo/kml",
}

func goList(t *testing.T, args ...string) []string {
	t.Helper()
	out, err := exec.Command("go", append([]string{"list"}, args...)...).Output()
	if err != nil {
		t.Fatalf("go list %v: %v", args, err)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}

// Run with -count=1: the test cache does not see other packages change.
func TestGeoIsPure(t *testing.T) {
	for _, dependency := range goList(t, "-deps", "./...") {
		if reason, bad := forbidden[dependency]; bad {
			t.Errorf("geo depends on %s: %s", dependency, reason)
		}
	}
}

func TestLibrariesStayBehindTheirDoor(t *testing.T) {
	for _, line := range goList(t, "-f", "{{.ImportPath}} {{join .Imports \" \"}}", "./...") {
		fields := strings.Fields(line)
		for _, imported := range fields[1:] {
			for library, owners := range doors {
				inside := imported == library || strings.HasPrefix(imported, library+"/")
				if inside && !strings.Contains(owners, fields[0]) {
					t.Errorf("%s imports %s, which belongs to %s", fields[0], imported, owners)
				}
			}
		}
	}
}

// The race detector is not run over these (see Makefile): they start no goroutine.
func TestPackagesWorkAlone(t *testing.T) {
	for _, dir := range []string{"edition", "hexstat"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", dir, len(files), err)
		}
		set := token.NewFileSet()
		for _, name := range files {
			file, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.GoStmt:
					t.Errorf("%s starts a goroutine", set.Position(n.Pos()))
				case *ast.SelectorExpr:
					if n.Sel.Name == "Parallel" {
						t.Errorf("%s runs beside others", set.Position(n.Pos()))
					}
				}
				return true
			})
		}
	}
}
