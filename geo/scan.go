package geo

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// MaxDepth bounds how deep arrays and objects may be nested in any JSON read
// here. A FeatureCollection of MultiPolygons needs exactly eight.
const MaxDepth = 8

// scanner reads a JSON text token by token: memory does not grow with the
// text, and what is not wanted is never built.
type scanner struct {
	guard  *guard
	tokens *json.Decoder
	depth  int
}

func newScanner(r io.Reader, limit int64) *scanner {
	g := newGuard(r, limit)
	tokens := json.NewDecoder(g)
	tokens.UseNumber()
	return &scanner{guard: g, tokens: tokens}
}

// next is the next token: a json.Delim, string, json.Number, bool or nil.
func (s *scanner) next() (json.Token, error) {
	token, err := s.tokens.Token()
	if err != nil {
		return nil, s.explain(err)
	}
	switch token := token.(type) {
	case json.Delim:
		if token == '{' || token == '[' {
			s.depth++
		} else {
			s.depth--
		}
		if s.depth > MaxDepth {
			return nil, &Invalid{Reason: TooDeep, Limit: MaxDepth}
		}
	case string:
		if strings.ContainsRune(token, 0) {
			return nil, invalid(InvalidText)
		}
	}
	return token, nil
}

// explain prefers the guard's reason; failures of the reader pass as they are.
func (s *scanner) explain(err error) error {
	var bad *Invalid
	if errors.As(s.guard.err, &bad) {
		return bad
	}
	var syntax *json.SyntaxError
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &syntax) {
		return invalid(InvalidJSON)
	}
	if s.guard.err != nil && !errors.Is(s.guard.err, io.EOF) {
		return s.guard.err
	}
	return invalid(InvalidJSON)
}

// end wants nothing more but space.
func (s *scanner) end() error {
	_, err := s.tokens.Token()
	if errors.Is(err, io.EOF) && errors.Is(s.guard.err, io.EOF) {
		return nil
	}
	if err != nil {
		return s.explain(err)
	}
	return invalid(InvalidJSON)
}

// skip passes over one value.
func (s *scanner) skip() error {
	start := s.depth
	for {
		if _, err := s.next(); err != nil {
			return err
		}
		if s.depth <= start {
			return nil
		}
	}
}

// object reads one object, null excepted: it wants '{', then calls member for
// each key, which must consume the value. Keys that differ only in the case of
// their letters are the same key: encoding/json elsewhere would let the last
// one win.
func (s *scanner) object(member func(key string) error) error {
	token, err := s.next()
	if err != nil {
		return err
	}
	return s.members(token, member)
}

// members is object when the first token has been read.
func (s *scanner) members(first json.Token, member func(key string) error) error {
	if first != json.Delim('{') {
		return invalid(WrongType)
	}
	seen := map[string]bool{}
	for {
		token, err := s.next()
		if err != nil {
			return err
		}
		key, ok := token.(string)
		if !ok {
			return nil // the closing brace
		}
		folded := strings.ToLower(key)
		if seen[folded] {
			return &Invalid{Reason: DuplicateKey, Field: knownField(key)}
		}
		if len(seen) == maxMembers {
			return &Invalid{Reason: UnknownKey, Limit: maxMembers}
		}
		seen[folded] = true
		if err := member(key); err != nil {
			return err
		}
	}
}

// maxMembers bounds the keys of one object, which members remembers.
const maxMembers = 1000

// knownField keeps the words of GeoJSON and of our imports for error paths;
// any other key is the sender's own text.
func knownField(key string) string {
	key = strings.ToLower(key)
	switch key {
	case "type", "coordinates", "geometry", "geometries", "properties", "features", "crs", "name", "id", "bbox",
		"code", "nom", "nom_court":
		return key
	}
	return ""
}

// array reads one array: element is called with the first token of each
// element and must consume the rest of it.
func (s *scanner) array(element func(i int, first json.Token) error) error {
	token, err := s.next()
	if err != nil {
		return err
	}
	if token != json.Delim('[') {
		return invalid(WrongType)
	}
	for i := 0; ; i++ {
		token, err := s.next()
		if err != nil {
			return err
		}
		if token == json.Delim(']') {
			return nil
		}
		if err := element(i, token); err != nil {
			return err
		}
	}
}

// text reads one string.
func (s *scanner) text() (string, error) {
	token, err := s.next()
	if err != nil {
		return "", err
	}
	text, ok := token.(string)
	if !ok {
		return "", invalid(WrongType)
	}
	return text, nil
}

// under adds the path of the enclosing member to the field of an *Invalid.
func under(path string, err error) error {
	var bad *Invalid
	if !errors.As(err, &bad) {
		return err
	}
	switch {
	case bad.Field == "":
		bad.Field = path
	case bad.Field[0] == '[':
		bad.Field = path + bad.Field
	default:
		bad.Field = path + "." + bad.Field
	}
	return err
}
