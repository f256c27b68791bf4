package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"quietude/server/api"
	"quietude/server/auth"
	"quietude/server/pgtest"
)

// statements are texts that leave a trace where they are read as SQL: a sequence of
// the database then counts. No clock is needed to see it.
var statements = []string{
	`'||nextval('injecte')||'`, `'; select nextval('injecte'); --`, `') or nextval('injecte') > 0 --`, `" or nextval('injecte') > 0 --`,
	`nextval('injecte')`, `1; select nextval('injecte')--`, `1 or nextval('injecte') > 0`, `\'; select nextval('injecte')--`, `'/**/or/**/nextval('injecte')>0/*`,
	`$$||nextval('injecte')||$$`, `{nextval('injecte')}`,
}

// questions are pairs of the same length that differ where they are read as SQL:
// the one is true, the other is not.
var questions = [][2]string{
	{`' or '1'='1`, `' or '1'='2`}, {`') or ('1'='1`, `') or ('1'='2`}, {`1 or 1=1`, `1 or 1=2`}, {`' or 1=1--`, `' or 1=2--`}, {`%' or '1' like '1`, `%' or '1' like '2`},
}

// place is where a client may write a text.
type place struct {
	name   string
	with   func(text string) *http.Request
	writes bool
}

// injected tries one place and says how it was read as SQL.
func (n *node) injected(h http.Handler, p place) (found []string) {
	n.t.Helper()
	ask := func(text string) string {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, p.with(text))
		if w.Code >= http.StatusInternalServerError && w.Code != http.StatusServiceUnavailable {
			found = append(found, fmt.Sprintf("%s: %d to %q: %.200s", p.name, w.Code, text, w.Body))
		}
		if p.writes { // what it answers may be random, a new secret for example
			return fmt.Sprint(w.Code)
		}
		answer := fmt.Sprint(w.Code, w.Body)
		for _, form := range []string{text, url.QueryEscape(text), url.PathEscape(text), strings.ReplaceAll(text, "'", `\u0027`)} {
			answer = strings.ReplaceAll(answer, form, "")
		}
		return answer
	}
	count := func() int64 {
		return int64(pgtest.Count(n.t, n.pool, `select last_value + is_called::int from injecte`))
	}
	before := count()
	for _, text := range statements {
		ask(text)
	}
	if after := count(); after != before {
		found = append(found, p.name+": a statement in a text was run")
	}
	for _, q := range questions {
		if yes, no := ask(q[0]), ask(q[1]); yes != no {
			found = append(found, fmt.Sprintf("%s: %q and %q have two answers\n%.200s\n%.200s", p.name, q[0], q[1], yes, no))
		}
	}
	return found
}

// sample fills a schema. The tried one of its values holds the text, the others
// something that is right; seen counts them.
func sample(s *openapi3.Schema, tried int, text string, seen *int, depth int) any {
	mine := func(other any) any {
		if *seen++; *seen-1 == tried {
			return text
		}
		return other
	}
	switch {
	case s == nil || depth > 4:
		return nil
	case len(s.OneOf) > 0:
		return sample(s.OneOf[0].Value, tried, text, seen, depth+1)
	case len(s.AllOf) > 0:
		out := map[string]any{}
		for _, part := range s.AllOf {
			if members, ok := sample(part.Value, tried, text, seen, depth+1).(map[string]any); ok {
				for name, member := range members {
					out[name] = member
				}
			}
		}
		return out
	case s.Type.Is("object"):
		out := map[string]any{}
		for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
			out[name] = sample(s.Properties[name].Value, tried, text, seen, depth+1)
		}
		return out
	case s.Type.Is("array"):
		return []any{sample(s.Items.Value, tried, text, seen, depth+1)}
	case s.Type.Is("integer"), s.Type.Is("number"):
		return mine(1)
	case s.Type.Is("boolean"):
		return true
	case len(s.Enum) > 0:
		return mine(s.Enum[0])
	case s.Format == "uuid":
		return mine("00000000-0000-7000-8000-00000000000f")
	case s.Format == "date-time":
		return mine("2026-03-12T17:30:00Z")
	case s.Format == "date":
		return mine("2026-03-12")
	}
	return mine("texte")
}

// placesOf are all places of a route.
func placesOf(r api.Route, item *openapi3.PathItem) (all []place) {
	operation := item.GetOperation(r.Method)
	right := func(p *openapi3.Parameter) string {
		if known := values[p.Name]; len(known) > 0 {
			return known[0]
		}
		if s := p.Schema.Value; len(s.Enum) > 0 {
			return fmt.Sprint(s.Enum[0])
		}
		return "1"
	}
	parameters := append(append(openapi3.Parameters{}, item.Parameters...), operation.Parameters...)
	path := func(tried, text string) string {
		out := r.Path
		for _, p := range parameters {
			value := right(p.Value)
			if p.Value.Name == tried {
				value = text
			}
			out = strings.ReplaceAll(out, "{"+p.Value.Name+"}", url.PathEscape(value))
		}
		return out
	}
	for _, p := range parameters {
		name := p.Value.Name
		switch p.Value.In {
		case "path":
			all = append(all, place{r.Method + " " + r.Path + " {" + name + "}", func(text string) *http.Request {
				return httptest.NewRequest(r.Method, path(name, text), nil)
			}, r.Method != http.MethodGet})
		case "query":
			all = append(all, place{r.Method + " " + r.Path + " ?" + name, func(text string) *http.Request {
				return httptest.NewRequest(r.Method, path("", "")+"?"+name+"="+url.QueryEscape(text), nil)
			}, r.Method != http.MethodGet})
		}
	}
	if operation.RequestBody == nil {
		return all
	}
	media := operation.RequestBody.Value.Content.Get("application/json")
	if media == nil {
		return all
	}
	strings := 0
	sample(media.Schema.Value, -1, "", &strings, 0)
	for tried := range strings {
		all = append(all, place{fmt.Sprintf("%s %s body %d", r.Method, r.Path, tried), func(text string) *http.Request {
			seen := 0
			body, _ := json.Marshal(sample(media.Schema.Value, tried, text, &seen, 0))
			request := httptest.NewRequest(r.Method, path("", ""), bytes.NewReader(body))
			request.Header.Set("Content-Type", "application/json")
			return request
		}, true})
	}
	return all
}

// TestNothingIsReadAsSQL writes statements wherever a client may write: in every
// parameter and every string of a body of every route, as a role that may ask it.
// A new route is tried the day it appears.
func TestNothingIsReadAsSQL(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	n.exec(`create sequence injecte`)
	roles := map[auth.Role]*node{}
	for _, role := range []auth.Role{auth.Public, auth.Animateur, auth.Police, auth.Admin, auth.DPO, auth.Analyste, auth.Bailleur} {
		roles[role] = n.by(role)
	}
	tried := 0
	for _, r := range new(api.API).Routes() {
		item := n.contract.Paths.Value(r.Path)
		if r.Stream || item == nil {
			continue
		}
		name := r.Method + " " + strings.ReplaceAll(r.Path, "{layer}", "hexagones")
		h := n.handler // a resident's routes: refused, and yet decoded
		for _, role := range []auth.Role{auth.Public, auth.Animateur, auth.Police, auth.Admin, auth.DPO, auth.Analyste, auth.Bailleur} {
			if role.May(name) {
				h = roles[role].handler
				break
			}
		}
		for _, p := range placesOf(r, item) {
			tried++
			for _, found := range n.injected(h, p) {
				t.Error(found)
			}
		}
	}
	t.Logf("%d places, %d texts each", tried, len(statements)+2*len(questions))
	if tried < 300 {
		t.Error("the places are not all known")
	}
}

// TestInjectionsAreSeen has the same attack look at a server that puts texts into
// its statements, in the ways in which that is done.
func TestInjectionsAreSeen(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	n.exec(`create sequence injecte`)
	for name, statement := range map[string]string{
		"quoted": `select count(*) from quartier where code = '%s'`, "number": `select count(*) from quartier where length(code) = %s`,
		"in parentheses": `select count(*) from quartier where (code = '%s')`, "like": `select count(*) from quartier where nom like '%%%s%%'`,
		"order": `select 1 from quartier order by %s limit 1`,
	} {
		h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			var k int
			if err := n.pool.QueryRow(r.Context(), fmt.Sprintf(statement, r.FormValue("q"))).Scan(&k); err != nil {
				w.WriteHeader(http.StatusBadRequest) // says nothing of the error
				return
			}
			fmt.Fprint(w, k)
		})
		p := place{name, func(text string) *http.Request {
			return httptest.NewRequest(http.MethodGet, "/?q="+url.QueryEscape(text), nil)
		}, false}
		if found := n.injected(h, p); len(found) == 0 {
			t.Errorf("%s is not seen", name)
		}
	}
}
