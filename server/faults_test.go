package server_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// faults is how many the catalogue has; each has a row, alone or with others.
const faults = 110

// The page of faults names tests, one at least for each; all of them exist.
func TestFaultsPageNamesTests(t *testing.T) {
	page, err := os.ReadFile("../docs/faults.md")
	if err != nil {
		t.Fatal(err)
	}
	read := func(patterns ...string) string {
		t.Helper()
		var all strings.Builder
		for _, pattern := range patterns {
			paths, err := filepath.Glob(pattern)
			if err != nil || len(paths) == 0 {
				t.Fatalf("nothing in %s: %v", pattern, err)
			}
			for _, path := range paths {
				text, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				all.Write(text)
			}
		}
		return all.String()
	}
	pages := read("../web/src/*.test.ts", "../web/src/*/*.test.ts", "../web/e2e/*.spec.ts")
	rows := 0
	held := map[int]bool{}
	for line := range strings.Lines(string(page)) {
		if !strings.HasPrefix(line, "|") {
			continue
		}
		before := rows
		for _, m := range regexp.MustCompile("`([a-z/]+) ((?:Test|Fuzz)[A-Za-z0-9]+)`").FindAllStringSubmatch(line, -1) {
			rows++
			dir := m[1]
			if top, _, _ := strings.Cut(dir, "/"); top != "geo" && top != "cmd" && top != "migrations" && dir != "server" {
				dir = "server/" + dir
			}
			if !strings.Contains(read("../"+dir+"/*_test.go"), "func "+m[2]+"(") {
				t.Errorf("%s has no %s", dir, m[2])
			}
		}
		for _, m := range regexp.MustCompile("`([a-z_]+[.]txtar)`").FindAllStringSubmatch(line, -1) {
			rows++
			if _, err := os.Stat("api/testdata/" + m[1]); err != nil {
				t.Error(err)
			}
		}
		for _, m := range regexp.MustCompile(`"([^"]+)"`).FindAllStringSubmatch(line, -1) {
			rows++
			if !strings.Contains(pages, `"`+m[1]+`"`) {
				t.Errorf("no test of the pages is named %q", m[1])
			}
		}
		numbers := strings.Split(line, "|")[1]
		for _, m := range regexp.MustCompile(`(\d+)(?:–(\d+))?`).FindAllStringSubmatch(numbers, -1) {
			first, _ := strconv.Atoi(m[1])
			last := first
			if m[2] != "" {
				last, _ = strconv.Atoi(m[2])
			}
			for n := first; n <= last; n++ {
				held[n] = true
			}
			if rows == before {
				t.Errorf("the row of %s names no test", strings.TrimSpace(numbers))
			}
		}
	}
	for n := 1; n <= faults; n++ {
		if !held[n] {
			t.Errorf("fault %d has no row", n)
		}
	}
	if rows < 100 {
		t.Errorf("only %d tests are named", rows)
	}
}

// The page of security names tests; each of them exists.
func TestSecurityPageNamesTests(t *testing.T) {
	page, err := os.ReadFile("../docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	declared := map[string]bool{}
	for _, pattern := range []string{"*_test.go", "*/*_test.go", "../cmd/*/*_test.go", "../geo/*_test.go", "../geo/*/*_test.go"} {
		paths, err := filepath.Glob(pattern)
		if err != nil || len(paths) == 0 {
			t.Fatalf("nothing in %s: %v", pattern, err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`).FindAllSubmatch(text, -1) {
				declared[string(m[1])] = true
			}
		}
	}
	rows := 0
	for line := range strings.Lines(string(page)) {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| ASVS") || strings.HasPrefix(line, "| what") {
			continue
		}
		rows++
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		tests := regexp.MustCompile("`((?:Test|Fuzz)\\w+)`").FindAllStringSubmatch(cells[len(cells)-1], -1)
		pages := regexp.MustCompile("`(\\w+[.]test[.]ts)`").FindAllStringSubmatch(cells[len(cells)-1], -1)
		for _, m := range pages {
			if _, err := os.Stat("../web/src/" + m[1]); err != nil {
				t.Errorf("there is no %s", m[1])
			}
		}
		if len(tests)+len(pages) == 0 && !strings.Contains(line, "npm run check") {
			t.Errorf("no test holds %s", cells[0])
		}
		for _, m := range tests {
			if !declared[m[1]] {
				t.Errorf("there is no %s", m[1])
			}
		}
		for _, m := range regexp.MustCompile("`([a-z0-9_/.-]+/[a-z0-9_/.-]+)`").FindAllStringSubmatch(line, -1) {
			if _, err := os.Stat("../" + m[1]); err != nil {
				t.Errorf("there is no %s", m[1])
			}
		}
	}
	if rows < 30 {
		t.Errorf("only %d rows", rows)
	}
}
