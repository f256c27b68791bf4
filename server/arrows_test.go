package server_test

import (
	"os/exec"
	"strings"
	"testing"
)

// forbidden says what a package may never import itself, and why. A prefix
// stands for all that begins with it.
var forbidden = map[string]map[string]string{
	"quietude/server/atelier": {
		"net/http":                "the domain does no I/O",
		"database/sql":            "the domain does no I/O",
		"github.com/jackc/pgx":    "the domain does no I/O",
		"github.com/gin-gonic":    "the domain knows no transport",
		"quietude/server/store":   "the store knows the domain, not the other way round",
		"github.com/uber/h3-go":   "hexgrid is the door to H3",
		"github.com/twpayne/go-g": "Go holds orb",
	},
	"quietude/server/personal": {
		"net":                   "no text leaves the process",
		"os":                    "texts are neither read nor written here",
		"quietude/geo":          "words, not places",
		"database/sql":          "the detector does no I/O",
		"github.com/":           "rules and lists are all in the package",
		"quietude/server/store": "the detector does no I/O",
	},
	"quietude/server/bell":  {"quietude/": "bells ring for any name", "github.com/": "a line is given to it"},
	"quietude/server/fault": {"quietude/": "everything may use fault"},
	"quietude/server/api": {
		"github.com/jackc/pgx":  "SQL lives in the store",
		"github.com/uber/h3-go": "hexgrid is the door to H3",
		"quietude/server/pgorb": "SQL lives in the store",
	},
	"quietude/server/live":        {"github.com/jackc/pgx": "SQL lives in the store", "github.com/gin-gonic": "the room knows no transport", "net/http": "the room knows no transport"},
	"quietude/server/hexmap":      {"github.com/gin-gonic": "maps know no transport", "net/http": "maps know no transport", "github.com/jackc/pgx": "SQL lives in the store"},
	"quietude/server/analysis":    {"github.com/gin-gonic": "figures know no transport", "net/http": "figures know no transport", "github.com/jackc/pgx": "SQL lives in the store"},
	"quietude/server/report":      {"github.com/gin-gonic": "paper knows no transport", "net/http": "paper knows no transport", "quietude/server/store": "paper is given what it prints"},
	"quietude/server/compterendu": {"github.com/gin-gonic": "a document knows no transport", "net/http": "a document knows no transport", "github.com/jackc/pgx": "SQL lives in the store"},
	"quietude/server/jobs":        {"github.com/gin-gonic": "jobs know no transport", "quietude/server/store": "jobs are registered by those who have work", "quietude/server/api": "jobs are registered by those who have work"},
	"quietude/server/store":       {"github.com/gin-gonic": "the store knows no transport", "net/http": "the store knows no transport", "quietude/server/api": "arrows point inwards", "quietude/server/live": "arrows point inwards"},
	"quietude/server/pgorb":       {"quietude/server/": "the codec knows only geometry"},
}

// TestArrows asks the go command for the imports of each package.
func TestArrows(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, "quietude/server/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		imports := strings.Fields(line)
		rules, ok := forbidden[imports[0]]
		if !ok {
			continue
		}
		seen++
		for _, path := range imports[1:] {
			for prefix, why := range rules {
				if strings.HasPrefix(path, prefix) {
					t.Errorf("%s imports %s: %s", imports[0], path, why)
				}
			}
		}
	}
	if seen != len(forbidden) {
		t.Errorf("%d of %d packages were found", seen, len(forbidden))
	}
}
