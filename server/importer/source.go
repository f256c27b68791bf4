package importer

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"errors"
	"hash"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/klauspost/compress/gzip"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"quietude/server/fault"
)

// Bounds of what is read. A row longer than maxRow is a quotation mark that was
// never closed; without the bound it would take the whole file into memory.
const (
	defaultMaxBytes = 1 << 30
	maxRow          = 1 << 20
	sniffed         = 64 << 10
)

// Encodings, as they are reported.
const (
	encodingASCII   = "ASCII"
	encodingUTF8    = "UTF-8"
	encodingUTF16LE = "UTF-16 LE"
	encodingUTF16BE = "UTF-16 BE"
	encoding1252    = "Windows-1252"
)

// source is a CSV file on its way in: decompressed, measured, decoded to
// UTF-8, cut into rows. It keeps one row.
type source struct {
	content  *content
	guard    *guard
	rows     *csv.Reader
	encoding string
	comma    rune
	// eightBit: bytes are UTF-8 or Windows-1252, which the first row that is
	// not ASCII decides.
	eightBit bool
	line     int
}

// content counts and digests the uncompressed bytes, and ends at a limit.
type content struct {
	r     io.Reader
	bytes int64
	limit int64
	sum   hash.Hash
}

func (c *content) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.bytes += int64(n)
	c.sum.Write(p[:n])
	if c.bytes > c.limit {
		return 0, fault.New(fault.TooLarge, "fichier_trop_grand",
			"Le fichier dépasse %d Mio une fois décompressé. Découpez-le, ou relevez la limite ; rien n’a été écrit.", c.limit>>20)
	}
	if err != nil && err != io.EOF && !isFault(err) {
		return n, fault.New(fault.Invalid, "fichier_illisible", "Le fichier s’interrompt ou est abîmé ; rien n’a été écrit.").Because(err)
	}
	return n, err
}

func isFault(err error) bool { return fault.As(err) != nil }

// guard ends a row that does not end.
type guard struct {
	r    io.Reader
	left int
}

var errRowTooLong = errors.New("row too long")

func (g *guard) Read(p []byte) (int, error) {
	if g.left <= 0 {
		return 0, errRowTooLong
	}
	n, err := g.r.Read(p[:min(len(p), g.left)])
	g.left -= n
	return n, err
}

// openSource looks at the beginning of r and chooses how to read the rest.
func openSource(r io.Reader, limit int64) (*source, error) {
	packed := bufio.NewReaderSize(r, sniffed)
	plain, err := decompressed(packed)
	if err != nil {
		return nil, err
	}
	c := &content{r: plain, limit: limit, sum: sha256.New()}
	text := bufio.NewReaderSize(c, sniffed)
	head, err := text.Peek(sniffed)
	if err != nil && err != io.EOF {
		return nil, err
	}
	if len(bytes.TrimSpace(head)) == 0 {
		return nil, fault.New(fault.Unprocessable, "fichier_vide", "Le fichier est vide.")
	}
	s := &source{content: c}
	decoded, err := s.decoded(text, head)
	if err != nil {
		return nil, err
	}
	s.guard = &guard{r: decoded}
	return s, nil
}

// decompressed recognises gzip by its first bytes, not by a file name.
func decompressed(r *bufio.Reader) (io.Reader, error) {
	head, _ := r.Peek(4)
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(r)
		if err != nil {
			return nil, fault.New(fault.Invalid, "fichier_illisible", "L’archive gzip est abîmée.").Because(err)
		}
		return z, nil
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return nil, fault.New(fault.UnsupportedMedia, "archive_refusee",
			"Ce fichier est une archive ZIP ou un classeur. Décompressez-le, ou enregistrez-le en CSV.")
	}
	return r, nil
}

// decoded chooses the encoding: a byte order mark says it; without one, UTF-16
// shows by a zero in every other byte, and the rest is one byte per character.
func (s *source) decoded(text *bufio.Reader, head []byte) (io.Reader, error) {
	utf16 := func(order unicode.Endianness, bom unicode.BOMPolicy, name string) (io.Reader, error) {
		s.encoding = name
		return unicode.UTF16(order, bom).NewDecoder().Reader(text), nil
	}
	switch {
	case bytes.HasPrefix(head, []byte{0xef, 0xbb, 0xbf}):
		s.encoding = encodingUTF8
		_, err := text.Discard(3)
		return text, err
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}):
		return utf16(unicode.LittleEndian, unicode.UseBOM, encodingUTF16LE)
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return utf16(unicode.BigEndian, unicode.UseBOM, encodingUTF16BE)
	}
	even, odd := zeros(head)
	switch half := len(head) / 2; {
	case odd > half*2/5 && even < half/10:
		return utf16(unicode.LittleEndian, unicode.IgnoreBOM, encodingUTF16LE)
	case even > half*2/5 && odd < half/10:
		return utf16(unicode.BigEndian, unicode.IgnoreBOM, encodingUTF16BE)
	case even+odd > len(head)/100: // a stray one makes a bad row
		return nil, fault.New(fault.UnsupportedMedia, "fichier_binaire", "Ce fichier n’est pas du texte. Un CSV est attendu.")
	}
	s.encoding, s.eightBit = encodingASCII, true
	return text, nil
}

func zeros(head []byte) (even, odd int) {
	for i, b := range head {
		if b != 0 {
			continue
		}
		if i%2 == 0 {
			even++
		} else {
			odd++
		}
	}
	return even, odd
}

// delimiters, the usual ones first.
var delimiters = []rune{',', ';', '\t', '|'}

// header reads the first row with the delimiter under which score is highest,
// the one that cuts it into most columns among equals.
func (s *source) header(score func(columns []string) int) ([]string, error) {
	buffered := bufio.NewReaderSize(s.guard, sniffed)
	s.guard.left = maxRow
	head, err := buffered.Peek(sniffed)
	if err != nil && err != io.EOF {
		return nil, s.readError(err)
	}
	if at := bytes.IndexByte(head, '\n'); at >= 0 {
		head = head[:at+1]
	}
	best := -1
	for _, comma := range delimiters {
		if strings.ContainsRune(string(head), comma) || best < 0 {
			if points := s.try(comma, head, score); points > best {
				best, s.comma = points, comma
			}
		}
	}
	s.rows = csv.NewReader(buffered)
	s.rows.Comma, s.rows.FieldsPerRecord, s.rows.ReuseRecord = s.comma, -1, true
	columns, err := s.next()
	if err != nil {
		return nil, err
	}
	return append([]string(nil), columns...), nil
}

func (s *source) try(comma rune, head []byte, score func([]string) int) int {
	r := csv.NewReader(bytes.NewReader(head))
	r.Comma, r.FieldsPerRecord = comma, -1
	columns, err := r.Read()
	if err != nil {
		return 0
	}
	for i := range columns {
		columns[i], _ = s.text(columns[i])
	}
	return 1000*score(columns) + min(len(columns), 999)
}

// badRow is a row that cannot be read, as opposed to a file that cannot.
type badRow struct {
	line   int
	reason string
}

func (b *badRow) Error() string { return b.reason }

// next gives the fields of the next row, valid until the next call, and sets
// s.line. It ends with io.EOF; a *badRow leaves the following rows readable.
func (s *source) next() ([]string, error) {
	s.guard.left = maxRow
	fields, err := s.rows.Read()
	if err != nil {
		return nil, s.rowError(err)
	}
	s.line, _ = s.rows.FieldPos(0)
	for i, f := range fields {
		text, ok := s.text(f)
		if !ok {
			return nil, &badRow{s.line, "le texte contient un caractère illisible"}
		}
		fields[i] = text
	}
	return fields, nil
}

// text decodes one field of an eight-bit file and refuses what no encoding
// explains. A file that has been UTF-8 so far stays UTF-8.
func (s *source) text(field string) (string, bool) {
	ascii := true
	for i := range len(field) {
		if field[i] == 0 {
			return "", false
		}
		ascii = ascii && field[i] < utf8.RuneSelf
	}
	if ascii {
		return field, true
	}
	if !s.eightBit || s.encoding == encodingUTF8 {
		return field, utf8.ValidString(field) && !strings.ContainsRune(field, utf8.RuneError)
	}
	if s.encoding == encodingASCII {
		s.encoding = encodingUTF8
		if !utf8.ValidString(field) {
			s.encoding = encoding1252
		}
		return s.text(field)
	}
	text, err := charmap.Windows1252.NewDecoder().String(field)
	return text, err == nil && !strings.ContainsRune(text, utf8.RuneError)
}

func (s *source) rowError(err error) error {
	var parse *csv.ParseError
	if !errors.As(err, &parse) || errors.Is(err, errRowTooLong) || isFault(err) {
		return s.readError(err)
	}
	// A quotation mark that swallows the lines after it would hide them all.
	if parse.Line != parse.StartLine {
		return unclosed(parse.StartLine)
	}
	s.line = parse.StartLine
	return &badRow{parse.StartLine, "un guillemet est mal placé"}
}

func unclosed(line int) error {
	return fault.New(fault.Unprocessable, "guillemet_ouvert",
		"Ligne %d : un guillemet ouvert n’est pas refermé, ou la ligne dépasse %d Kio. Rien n’a été écrit.", line, maxRow>>10)
}

// readError is a failure of the file as a whole.
func (s *source) readError(err error) error {
	switch {
	case errors.Is(err, errRowTooLong):
		return unclosed(s.line + 1)
	case err == io.EOF || isFault(err):
		return err
	}
	return fault.New(fault.Invalid, "fichier_illisible", "Le fichier s’interrompt ou est abîmé après la ligne %d ; rien n’a été écrit.", s.line).Because(err)
}
