package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// refusals are the rows of docs/protocol.md that say what a device is answered: the
// status of each code, under one heading.
func refusals(t *testing.T, heading string) map[string]int {
	t.Helper()
	page, err := os.ReadFile("../../docs/protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(page), "\n"+heading+"\n")
	if !found {
		t.Fatalf("docs/protocol.md has no %q", heading)
	}
	section, _, _ = strings.Cut(section, "\n#")
	out := map[string]int{}
	for _, row := range regexp.MustCompile("(?m)^\\| (\\d{3}) \\| `([a-z_]+)` \\|").FindAllStringSubmatch(section, -1) {
		out[row[2]], _ = strconv.Atoi(row[1])
	}
	if len(out) == 0 {
		t.Fatalf("%q names no code", heading)
	}
	return out
}

// sameCodes fails where the page and the server differ.
func sameCodes(t *testing.T, page, server map[string]int) {
	t.Helper()
	for code, status := range page {
		if server[code] != status {
			t.Errorf("docs/protocol.md says %d %s, the server answers %d", status, code, server[code])
		}
	}
	for code, status := range server {
		if page[code] == 0 {
			t.Errorf("docs/protocol.md does not say %d %s", status, code)
		}
	}
}

// The page of the protocol says of every refusal of a whole request which status and
// code it has.
func TestRequestsAreRefusedAsThePageSays(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	room, code := n.evening()
	other, _ := n.evening()
	path := "/api/v1/ateliers/" + room.String()
	token := n.join(fmt.Sprintf(`{"code":"%s","secret":"%s"}`, code, uuid.New())).Token
	got := map[string]int{}
	ask := func(token, method, path, body string) {
		t.Helper()
		w := n.as(token, method, path, body)
		if token == "" {
			w = n.post(path, body)
		}
		var p struct{ Code string }
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code < 400 {
			t.Fatalf("%s %s %.60s: %d %.200s", method, path, body, w.Code, w.Body)
		}
		if w.Code == http.StatusTooManyRequests && w.Header().Get("Retry-After") == "" {
			t.Errorf("429 %s without Retry-After", p.Code)
		}
		got[p.Code] = w.Code
	}
	join := func(code, secret, link string) {
		t.Helper()
		ask("", http.MethodPost, "/api/v1/join", fmt.Sprintf(`{"code":"%s","secret":"%s"%s}`, code, secret, link))
	}
	join("ZZZZ2222", uuid.NewString(), "")
	join(code, "00000000-0000-1000-8000-000000000001", "")
	join(code, uuid.NewString(), `,"link":"ZZZZZZ"`)
	n.exec(`insert into participant (territoire, atelier, id, numero, rang)
		select territoire, atelier, gen_random_uuid(), numero, rang + g from participant, generate_series(1, 500) g where atelier = $1`, room)
	join(code, uuid.NewString(), "")
	ask(token[:len(token)-2]+"AA", http.MethodGet, path+"/stream", "")
	ask(token, http.MethodGet, "/api/v1/ateliers/"+other.String()+"/snapshot", "")
	ops := func(count int, op string) string {
		var all []string
		for range count {
			all = append(all, strings.ReplaceAll(op, "ID", uuid.NewString()))
		}
		return `{"ops":[` + strings.Join(all, ",") + `]}`
	}
	ask(token, http.MethodPost, path+"/ops", `{"ops":[]}`)
	ask(token, http.MethodPost, path+"/ops", `{"operations":[]}`)
	ask(token, http.MethodPost, path+"/ops", `{"ops":[{"kind":"delete"}]}`)
	ask(token, http.MethodPost, path+"/ops", ops(201, `{"id":"ID","kind":"delete","marker":"ID"}`))
	ask(token, http.MethodPost, path+"/ops", ops(1, `{"id":"ID","kind":"add","felt":"`+strings.Repeat("x", 300<<10)+`"}`))
	much := `{"id":"ID","kind":"add","marker":"ID","felt":"safe","geometry":{"type":"Point","coordinates":[5.9178,45.5646]}}`
	if w := n.as(token, http.MethodPost, path+"/ops", ops(60, much)); w.Code != http.StatusOK {
		t.Fatalf("an outbox of sixty: %d %.200s", w.Code, w.Body)
	}
	ask(token, http.MethodPost, path+"/ops", ops(60, much))
	if w := n.post(path+"/ops", ops(1, `{"id":"ID","kind":"freeze"}`)); w.Code != http.StatusOK {
		t.Fatalf("freeze: %d %s", w.Code, w.Body)
	}
	join(code, uuid.NewString(), "")
	for range 30 {
		join("ZZZZ2222", uuid.NewString(), "")
	}
	sameCodes(t, refusals(t, "### Of a whole request"), got)
}

// The page of the protocol says of every refusal of one operation which status and
// code its problem has, and a refused one keeps no other of its batch.
func TestOperationsAreRefusedAsThePageSays(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	room, code := n.evening()
	path := "/api/v1/ateliers/" + room.String() + "/ops"
	seat := func() string {
		return n.join(fmt.Sprintf(`{"code":"%s","secret":"%s"}`, code, uuid.New())).Token
	}
	one, two, crowd := seat(), seat(), seat()
	got := map[string]int{}
	send := func(token string, ops ...string) (last int64) {
		t.Helper()
		w := n.as(token, http.MethodPost, path, `{"ops":[`+strings.Join(ops, ",")+`]}`)
		var answer struct {
			Receipts []struct {
				Op      uuid.UUID
				Seq     int64
				Problem *struct {
					Status int
					Code   string
					Detail string
				}
			}
		}
		n.into(w, http.StatusOK, &answer)
		if len(answer.Receipts) != len(ops) {
			t.Fatalf("%d receipts for %d operations", len(answer.Receipts), len(ops))
		}
		for _, r := range answer.Receipts {
			if (r.Seq > 0) == (r.Problem != nil) {
				t.Errorf("receipt %+v is neither a number nor a problem", r)
			}
			if r.Problem != nil {
				if r.Problem.Detail == "" {
					t.Errorf("%s has no sentence", r.Problem.Code)
				}
				got[r.Problem.Code] = r.Problem.Status
			}
			last = max(last, r.Seq)
		}
		return last
	}
	op := func(kind string, marker uuid.UUID, more string) string {
		return fmt.Sprintf(`{"id":"%s","kind":"%s","marker":"%s"%s}`, uuid.New(), kind, marker, more)
	}
	const here = `,"geometry":{"type":"Point","coordinates":[5.9178,45.5646]}`
	const zone = `,"geometry":{"type":"Polygon","coordinates":[[[5.9178,45.5646],[5.9188,45.5646],[5.9188,45.5656],[5.9178,45.5646]]]}`
	const speck = `,"geometry":{"type":"Polygon","coordinates":[[[5.9178,45.5646],[5.91781,45.5646],[5.91781,45.56461],[5.9178,45.5646]]]}`
	m, gone := uuid.New(), uuid.New()
	first := op("add", m, here+`,"felt":"safe"`)
	added := send(one, first, op("add", m, here+`,"felt":"safe"`), strings.Replace(first, `"safe"`, `"unsafe"`, 1),
		op("move", uuid.New(), here), op("move", m, zone), op("add", uuid.New(), speck+`,"felt":"safe"`),
		op("add", uuid.New(), `,"geometry":{"type":"Point","coordinates":[5.9,45.62]},"felt":"safe"`),
		op("add", uuid.New(), `,"felt":"safe"`), op("add", gone, here+`,"felt":"safe"`), op("delete", gone, ""), op("move", gone, here),
		op("hide", m, ""))
	moved := send(one, op("move", m, here))
	send(one, op("move", m, fmt.Sprintf(`%s,"undo":true,"base":%d`, here, added-2)))
	send(two, op("delete", m, ""))
	sixteen := make([]string, 16)
	for i := range sixteen {
		sixteen[i] = op("add", uuid.New(), here+`,"felt":"unsafe"`)
	}
	if last := send(crowd, sixteen...); last != moved+15 {
		t.Errorf("fifteen of sixteen end with number %d, want %d", last, moved+15)
	}
	animate := func(op string) {
		t.Helper()
		if w := n.post(path, `{"ops":[`+op+`]}`); w.Code != http.StatusOK || strings.Contains(w.Body.String(), "problem") {
			t.Fatalf("%s: %d %s", op, w.Code, w.Body)
		}
	}
	w := n.post(path, `{"ops":[`+op("add", uuid.New(), here+`,"felt":"safe"`)+`]}`)
	if !strings.Contains(w.Body.String(), `"code":"table_requise"`) || !strings.Contains(w.Body.String(), `"status":401`) {
		t.Errorf("the animateur draws: %s", w.Body)
	}
	got["table_requise"] = http.StatusUnauthorized
	animate(fmt.Sprintf(`{"id":"%s","kind":"table_close","table":1}`, uuid.New()))
	send(one, op("move", m, here))
	animate(fmt.Sprintf(`{"id":"%s","kind":"freeze"}`, uuid.New()))
	send(one, op("move", m, here))
	sameCodes(t, refusals(t, "### Of one operation"), got)
}
