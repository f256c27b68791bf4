package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"quietude/geo"
	"quietude/server/fault"
)

// Bounds of a body.
const (
	maxBodyBytes = 256 << 10
	maxBodyDepth = 16
)

// Body is a JSON object that has passed strictJSON.
type Body struct {
	Raw json.RawMessage
	// Members are the members of the object as they were sent.
	Members map[string]json.RawMessage
}

// Has reports whether the sender wrote a member, even as null.
func (b Body) Has(name string) bool { _, ok := b.Members[name]; return ok }

// Decode writes the members into a struct that must name them all.
func (b Body) Decode(into any) error {
	decoder := json.NewDecoder(bytes.NewReader(b.Raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return decodeFault(err)
	}
	return nil
}

func decodeFault(err error) error {
	var typed *json.UnmarshalTypeError
	if errors.As(err, &typed) {
		return errWrongType.At(typed.Field).Because(err)
	}
	return errBadValue.Because(err)
}

// without is the body as if a member had not been sent.
func (b Body) without(name string) Body {
	if !b.Has(name) {
		return b
	}
	left := maps.Clone(b.Members)
	delete(left, name)
	raw, err := json.Marshal(left)
	if err != nil {
		return b // members were read from JSON: they are JSON
	}
	return Body{Raw: raw, Members: left}
}

const bodyKey = "quietude.body"

// bodyOf gives the body that the door has read.
func bodyOf(c *gin.Context) Body {
	b, _ := c.Get(bodyKey)
	body, _ := b.(Body)
	return body
}

// readBody reads one JSON object within limits; the error is a fault.
func readBody(w http.ResponseWriter, r *http.Request) (Body, error) {
	if err := checkContentType(r.Header.Get("Content-Type")); err != nil {
		return Body{}, err
	}
	if r.Header.Get("Content-Encoding") != "" {
		return Body{}, fault.New(fault.UnsupportedMedia, "encodage_refuse", "Le contenu ne doit pas être compressé.").At("Content-Encoding")
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBodyBytes))
	if err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return Body{}, fault.New(fault.TooLarge, "envoi_trop_grand", "L’envoi dépasse %d Kio.", maxBodyBytes>>10)
		}
		return Body{}, fault.New(fault.Invalid, "envoi_interrompu", "L’envoi n’est pas arrivé en entier.").Because(err)
	}
	if err := strictJSON(raw); err != nil {
		return Body{}, err
	}
	b := Body{Raw: raw}
	if json.Unmarshal(raw, &b.Members) != nil || b.Members == nil {
		return Body{}, fault.New(fault.Invalid, "json_illisible", "Un objet JSON est attendu.")
	}
	return b, nil
}

func checkContentType(header string) error {
	media, parameters, err := mime.ParseMediaType(header)
	charset := strings.ToLower(parameters["charset"])
	if err == nil && (media == "application/json" || media == "application/geo+json") && (charset == "" || charset == "utf-8") {
		return nil
	}
	return fault.New(fault.UnsupportedMedia, "type_de_contenu", "Le contenu doit être du JSON en UTF-8 (Content-Type: application/json).").At("Content-Type")
}

var (
	errNotJSON   = fault.New(fault.Invalid, "json_illisible", "Le texte envoyé n’est pas du JSON bien formé.")
	errBadText   = fault.New(fault.Invalid, "texte_illisible", "Le texte contient un caractère qui ne peut pas être gardé.")
	errTooDeep   = fault.New(fault.Invalid, "json_trop_profond", "Le texte envoyé est trop imbriqué.")
	errDouble    = fault.New(fault.Invalid, "champ_double", "Le même champ est donné deux fois.")
	errWrongType = fault.New(fault.Invalid, "type_invalide", "Cette valeur n’a pas le bon type.")
	errBadValue  = fault.New(fault.Invalid, "valeur_invalide", "Une valeur est inconnue ou mal écrite.")
)

// strictJSON refuses what encoding/json would read its own way: invalid UTF-8
// and halves of surrogate pairs (replaced by U+FFFD), NUL (which PostgreSQL
// refuses), members that repeat or differ only in case (the last one would
// win), and nesting beyond maxBodyDepth.
func strictJSON(raw []byte) error {
	if err := strictText(raw); err != nil {
		return err
	}
	if !json.Valid(raw) {
		return errNotJSON
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	return distinctMembers(decoder, "")
}

// strictText looks at the characters of a JSON text: their encoding, the
// escapes inside strings and how deep brackets nest outside them.
func strictText(raw []byte) error {
	if !utf8.Valid(raw) || bytes.IndexByte(raw, 0) >= 0 {
		return errBadText
	}
	depth, inString := 0, false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case inString && c == '\\':
			n, err := escape(raw[i:])
			if err != nil {
				return err
			}
			i += n - 1
		case c == '"':
			inString = !inString
		case inString:
		case c == '{' || c == '[':
			if depth++; depth > maxBodyDepth {
				return errTooDeep
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return nil
}

// escape reads one escape at the start of text and gives its length: 2, 6, or
// 12 for a surrogate pair.
func escape(text []byte) (int, error) {
	unit, ok := escapedUnit(text)
	switch {
	case !ok:
		return 2, nil // \n and the like; json.Valid judges the others
	case unit == 0:
		return 0, errBadText
	case unit >= 0xD800 && unit < 0xDC00:
		if low, ok := escapedUnit(text[6:]); ok && low >= 0xDC00 && low < 0xE000 {
			return 12, nil
		}
		return 0, errBadText
	case unit >= 0xDC00 && unit < 0xE000:
		return 0, errBadText
	}
	return 6, nil
}

// escapedUnit reads \uXXXX at the start of text.
func escapedUnit(text []byte) (unit uint16, ok bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	v, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	return uint16(v), err == nil
}

// distinctMembers walks one value of valid JSON; path names it for errors.
func distinctMembers(decoder *json.Decoder, path string) error {
	token, err := decoder.Token()
	if err != nil {
		return errNotJSON
	}
	switch token {
	case json.Delim('['):
		for i := 0; decoder.More(); i++ {
			if err := distinctMembers(decoder, fmt.Sprintf("%s[%d]", path, i)); err != nil {
				return err
			}
		}
	case json.Delim('{'):
		seen := map[string]bool{}
		for decoder.More() {
			name, err := decoder.Token()
			if err != nil {
				return errNotJSON
			}
			member, _ := name.(string)
			folded := strings.ToLower(strings.ToUpper(member)) // as encoding/json folds names, ſ included
			if seen[folded] {
				return errDouble.At(under(path, member))
			}
			seen[folded] = true
			if err := distinctMembers(decoder, under(path, member)); err != nil {
				return err
			}
		}
	default:
		return nil
	}
	_, err = decoder.Token() // the closing bracket
	if err != nil {
		return errNotJSON
	}
	return nil
}

// maxFieldLength keeps a name that the client made up out of long answers.
const maxFieldLength = 80

// under is the path of a member.
func under(path, member string) string {
	if len(member) > maxFieldLength {
		member = "…"
	}
	if path == "" {
		return member
	}
	return path + "." + member
}

// point reads the member of a body that is a GeoJSON Point. An absent or null
// member is a missing position.
func (b Body) point(member string) error {
	raw, ok := b.Members[member]
	if !ok || string(raw) == "null" {
		return fault.New(fault.Invalid, refusals[geo.MissingPosition].code, refusals[geo.MissingPosition].detail).At(member)
	}
	if _, err := geo.DecodePoint(raw); err != nil {
		f := faultOf(err)
		field := member
		if f.Field != "" {
			field += "." + strings.TrimPrefix(f.Field, ".")
		}
		return f.At(field)
	}
	return nil
}
