package api

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"quietude/server/fault"
)

func TestStrictJSON(t *testing.T) {
	t.Parallel()
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for text, want := range map[string]string{
		`{}`:                                "",
		`{"a":1,"b":{"a":2},"c":[{"a":3}]}`: "",
		`{"a":"\ud83d\ude00 é \\u0000 \""}`: "",
		deep(maxBodyDepth):                  "",
		`"{[` + `{["`:                       "",
		deep(maxBodyDepth + 1):              "json_trop_profond",
		strings.Repeat("[", 200_000):        "json_trop_profond",
		`{"a":1,"a":2}`:                     "champ_double",
		`{"kind":"safe","KIND":"unsafe"}`:   "champ_double",
		`{"kind":1,"\u006bind":2}`:          "champ_double",
		`{"skin":1,"ſkin":2}`:               "champ_double",
		`{"a":[{"b":1,"B":2}]}`:             "champ_double",
		`{"a":"\u0000"}`:                    "texte_illisible",
		"{\"a\":\"\x00\"}":                  "texte_illisible",
		"{\"a\":\"\xff\"}":                  "texte_illisible",
		`{"a":"\ud83d"}`:                    "texte_illisible",
		`{"a":"\ud83d\ud83d"}`:              "texte_illisible",
		`{"a":"\ud83dx"}`:                   "texte_illisible",
		`{"a":"\ude00"}`:                    "texte_illisible",
		`{"\ud83d":1}`:                      "texte_illisible",
		`{"a":1}}`:                          "json_illisible",
		`{"a":1} {}`:                        "json_illisible",
		`{"a":NaN}`:                         "json_illisible",
		`{'a':1}`:                           "json_illisible",
		`{"a":"\u12"}`:                      "json_illisible",
		`{"a":"\`:                           "json_illisible",
		"":                                  "json_illisible",
		"\ufeff{}":                          "json_illisible",
	} {
		err := strictJSON([]byte(text))
		code := ""
		if f := fault.As(err); f != nil {
			code = f.Code
		}
		if code != want || (err == nil) != (want == "") {
			t.Errorf("%.60q: %v, want %q", text, err, want)
		}
	}
}

// TestStrictJSONIsQuick gives it the worst of its size.
func TestStrictJSONIsQuick(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"empty objects": "[" + strings.Repeat("{},", maxBodyBytes/3-1) + "{}]",
		"members":       "{" + strings.Repeat(`"a":1,`, 1) + manyMembers(maxBodyBytes/12) + "}",
		"escapes":       `"` + strings.Repeat(`\ud83d\ude00`, maxBodyBytes/12) + `"`,
	} {
		start := time.Now()
		_ = strictJSON([]byte(text)) // whatever it finds
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%s: %v", name, took)
		}
	}
}

func manyMembers(n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`"m` + strings.Repeat("x", i%5) + string(rune('a'+i%26)) + `":0`)
	}
	return b.String()
}

// FuzzStrictJSON checks that what passes means one thing: it is JSON of UTF-8
// without NUL, whose members survive decoding and encoding.
func FuzzStrictJSON(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2,{"b":null}]}`, `{"a":"\ud83d\ude00"}`, `{"a":1,"A":2}`, `"\u0000"`, "[[[["} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if strictJSON(raw) != nil {
			return
		}
		var v any
		decoder := json.NewDecoder(bytes.NewReader(raw))
		decoder.UseNumber()
		if err := decoder.Decode(&v); err != nil {
			t.Fatalf("%q passes but %v", raw, err)
		}
		again, err := json.Marshal(v)
		if err != nil || !utf8.Valid(again) || bytes.Contains(again, []byte(`\u0000`)) && !bytes.Contains(raw, []byte(`\\u0000`)) {
			t.Fatalf("%q becomes %q, %v", raw, again, err)
		}
		if bytes.Contains(again, []byte("\ufffd")) && !bytes.Contains(raw, []byte("\ufffd")) && !bytes.Contains(bytes.ToLower(raw), []byte(`\ufffd`)) {
			t.Fatalf("%q lost a character: %q", raw, again)
		}
		if countMembers(v) != countMembersRaw(raw) {
			t.Fatalf("%q lost a member", raw)
		}
	})
}

func countMembers(v any) int {
	n := 0
	switch v := v.(type) {
	case map[string]any:
		for _, inner := range v {
			n += 1 + countMembers(inner)
		}
	case []any:
		for _, inner := range v {
			n += countMembers(inner)
		}
	}
	return n
}

// countMembersRaw counts the colons outside strings.
func countMembersRaw(raw []byte) int {
	n, inString := 0, false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case c == ':' && !inString:
			n++
		}
	}
	return n
}
