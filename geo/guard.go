package geo

import (
	"bufio"
	"io"
	"unicode/utf8"
)

// maxTokenBytes bounds one string or number of a JSON text: the decoder holds
// a whole token in memory before anyone can look at it.
const maxTokenBytes = 16 << 10

// guard passes a JSON text on while it stays within bounds, and fails with an
// *Invalid at the first byte that does not: FileTooLarge, InvalidText (not
// UTF-8, which encoding/json would replace in silence) or TextTooLong. It
// skips a byte order mark and all but one of successive spaces, which the
// decoder would collect. It knows of JSON only where strings begin and end.
type guard struct {
	source   *bufio.Reader
	left     int64 // bytes that may still come
	limit    int64
	token    int // bytes of the current token
	inString bool
	escaped  bool
	started  bool
	spaced   bool // the last character was a space between tokens
	err      error
}

func newGuard(r io.Reader, limit int64) *guard {
	return &guard{source: bufio.NewReaderSize(r, 64<<10), left: limit, limit: limit}
}

// Read copies whole characters only, so that each is checked once.
func (g *guard) Read(out []byte) (n int, err error) {
	for n+utf8.UTFMax <= len(out) && g.err == nil {
		char, size, err := g.source.ReadRune()
		if err != nil {
			g.err = err
			break
		}
		if !g.started {
			g.started = true
			if char == '\uFEFF' {
				continue
			}
		}
		if g.err = g.check(char, size); g.err != nil {
			break
		}
		if g.repeatedSpace(char) {
			continue
		}
		n += utf8.EncodeRune(out[n:], char)
	}
	if n > 0 {
		return n, nil
	}
	if g.err == nil {
		return 0, io.ErrShortBuffer
	}
	return 0, g.err
}

func (g *guard) repeatedSpace(char rune) bool {
	space := !g.inString && (char == ' ' || char == '\t' || char == '\r' || char == '\n')
	repeated := space && g.spaced
	g.spaced = space
	return repeated
}

func (g *guard) check(char rune, size int) error {
	if g.left -= int64(size); g.left < 0 {
		return &Invalid{Reason: FileTooLarge, Limit: int(g.limit)}
	}
	if char == utf8.RuneError && size == 1 || char == 0 {
		return invalid(InvalidText)
	}
	if g.token += size; g.endsToken(char) {
		g.token = 0
	}
	if g.token > maxTokenBytes {
		return &Invalid{Reason: TextTooLong, Limit: maxTokenBytes}
	}
	return nil
}

// endsToken follows strings and says that the token before char is complete.
func (g *guard) endsToken(char rune) bool {
	if g.inString {
		switch {
		case g.escaped:
			g.escaped = false
		case char == '\\':
			g.escaped = true
		case char == '"':
			g.inString = false
			return true
		}
		return false
	}
	switch char {
	case '"':
		g.inString = true
		return true
	case ' ', '\t', '\r', '\n', ',', ':', '[', ']', '{', '}':
		return true
	}
	return false
}
