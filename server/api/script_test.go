package api_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"quietude/server/auth"
)

var update = flag.Bool("update", false, "rewrite the answers in testdata/*.txtar")

// TestScripts plays testdata/*.txtar: each request file is sent, in order, to
// one server per script, and its answer must be the response file that
// follows. What no two runs share (times of the server, codes it draws) is
// replaced by an ellipsis.
func TestScripts(t *testing.T) {
	t.Parallel()
	scripts, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, path := range scripts {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			play(t, newNode(t), archive)
			if *update {
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func play(t *testing.T, n *node, archive *txtar.Archive) {
	var played []txtar.File
	for i := 0; i < len(archive.Files); i++ {
		f := archive.Files[i]
		name, kind := filepath.Split(f.Name)
		if kind != "request" {
			t.Fatalf("%s: a request is expected", f.Name)
		}
		r, err := readRequest(string(f.Data))
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		asked := n
		if role := r.Header.Get("As"); role != "" {
			r.Header.Del("As")
			asked = n.by(auth.Role(role))
		}
		got := showAnswer(asked.do(r))
		want := ""
		if i+1 < len(archive.Files) && archive.Files[i+1].Name == name+"response" {
			want = string(archive.Files[i+1].Data)
			i++
		}
		if got != want && !*update {
			t.Errorf("%s\n--- want\n%s--- got\n%s", strings.TrimSuffix(name, "/"), want, got)
		}
		played = append(played, f, txtar.File{Name: name + "response", Data: []byte(got)})
	}
	archive.Files = played
}

// readRequest reads METHOD path, header lines, an empty line and a body. The
// line « As: police » is no header: it says who asks, if not the animateur.
// <hex> in the body stands for bytes that are not text, {{n×text}} for n times
// a text.
func readRequest(text string) (*http.Request, error) {
	head, body, _ := strings.Cut(text, "\n\n")
	lines := bufio.NewScanner(strings.NewReader(head))
	if !lines.Scan() {
		return nil, fmt.Errorf("empty request")
	}
	method, path, ok := strings.Cut(lines.Text(), " ")
	if !ok {
		return nil, fmt.Errorf("%q is not a method and a path", lines.Text())
	}
	content := expand(strings.TrimSuffix(body, "\n"))
	r := httptest.NewRequest(method, expand(path), bytes.NewReader([]byte(content)))
	if content != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ":")
		r.Header.Set(name, strings.TrimSpace(value))
	}
	return r, nil
}

var (
	rawBytes = regexp.MustCompile(`<([0-9a-f]{2})>`)
	repeated = regexp.MustCompile(`\{\{(\d+)×([^}]*)\}\}`)
)

func expand(s string) string {
	s = rawBytes.ReplaceAllStringFunc(s, func(m string) string {
		var b byte
		_, _ = fmt.Sscanf(m, "<%02x>", &b) // the expression admits nothing else
		return string([]byte{b})
	})
	return repeated.ReplaceAllStringFunc(s, func(m string) string {
		parts := repeated.FindStringSubmatch(m)
		var count int
		_, _ = fmt.Sscan(parts[1], &count) // the expression admits nothing else
		return strings.Repeat(parts[2], count)
	})
}

// shownHeaders are those a script is about.
var shownHeaders = []string{"Content-Type", "Cache-Control", "Allow", "Retry-After", "WWW-Authenticate"}

func showAnswer(w *httptest.ResponseRecorder) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%d %s\n", w.Code, http.StatusText(w.Code))
	for _, name := range shownHeaders {
		if v := w.Header().Get(name); v != "" {
			fmt.Fprintf(&out, "%s: %s\n", name, v)
		}
	}
	if w.Header().Get("ETag") != "" {
		fmt.Fprintf(&out, "ETag: …\n")
	}
	if w.Body.Len() > 0 {
		out.WriteString("\n" + showBody(w) + "\n")
	}
	return out.String()
}

// volatile are members whose values differ from run to run.
var volatile = regexp.MustCompile(`"(received_at|now|expires_at)": "[^"]*"|"code": "[0-9A-HJ-NP-Z]{8}"|"(token|receipt)": "[^"]*"`)

func showBody(w *httptest.ResponseRecorder) string {
	if !isJSON(w) {
		return "(not JSON)"
	}
	var b bytes.Buffer
	if err := json.Indent(&b, w.Body.Bytes(), "", "  "); err != nil {
		return w.Body.String()
	}
	text := volatile.ReplaceAllStringFunc(b.String(), func(m string) string {
		name, _, _ := strings.Cut(m, ":")
		return name + `: "…"`
	})
	return shorten(text)
}

// shorten keeps positions on one line and long texts readable.
func shorten(text string) string {
	text = regexp.MustCompile(`\[\s+(-?[0-9.e-]+),\s+(-?[0-9.e-]+)\s+\]`).ReplaceAllString(text, "[$1, $2]")
	return regexp.MustCompile(`"([^"]{60})[^"]{400,}"`).ReplaceAllString(text, `"$1…"`)
}
