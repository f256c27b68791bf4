package importer

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"quietude/geo"
	"quietude/geo/hexgrid"
	"quietude/server/atelier"
	"quietude/server/fault"
)

// longestID is the longest identifier of a row, in characters.
const longestID = 200

// maxWithoutID bounds the rows without an identifier: each is remembered by
// eight bytes, so that equal ones can be told apart.
const maxWithoutID = 2_000_000

// imported names the identifiers of imported signalements: the same row of the
// same origin has the same one wherever and whenever it is imported.
var imported = uuid.MustParse("0d8a5a0e-54c5-5f0e-8d2f-6d2b1f0c9a11")

// reader turns rows into signalements.
type reader struct {
	territoire atelier.Territoire
	locator    *geo.Locator
	layout     layout
	themes     map[string]atelier.Theme
	origin     string
	now        time.Time
	moments    moments
	ends       moments

	// byText keeps what was found for a text as written: a file repeats few.
	byText    map[string]atelier.Theme
	unknown   map[string]int
	shortened int
	seen      map[uint64]int
}

func newReader(t atelier.Territoire, locator *geo.Locator, l layout, themes map[string]atelier.Theme, origin string, zone *time.Location, now time.Time) *reader {
	return &reader{territoire: t, locator: locator, layout: l, themes: themes, origin: origin, now: now,
		moments: moments{zone: zone}, ends: moments{zone: zone},
		byText: map[string]atelier.Theme{}, unknown: map[string]int{}, seen: map[uint64]int{}}
}

// field gives a trimmed field, "" when the row or the file has none.
func (r *reader) field(row []string, column int) string {
	i := r.layout[column]
	if i < 0 || i >= len(row) {
		return ""
	}
	return strings.TrimSpace(row[i])
}

// read makes a signalement of a row. reason says why the row is refused; err
// ends the import.
func (r *reader) read(row []string) (s atelier.Signalement, reason string, err error) {
	if s.Position, reason = r.position(row); reason != "" {
		return s, reason, nil
	}
	if s.Theme, reason = r.theme(r.field(row, colTheme)); reason != "" {
		return s, reason, nil
	}
	when, reason := r.when(row)
	if reason != "" {
		return s, reason, nil
	}
	s.OccurredFrom, s.OccurredTo = when.from, when.to
	if s.Subtheme, reason = r.subtheme(r.field(row, colSousTheme)); reason != "" {
		return s, reason, nil
	}
	if s.Cell, err = hexgrid.CellOf(s.Position, hexgrid.Stored); err != nil {
		return s, "", err
	}
	s.Quartier, _ = r.locator.Locate(s.Position)
	s.Origin = r.origin
	if reason, err = r.identify(&s, r.field(row, colID)); reason != "" || err != nil {
		return s, reason, err
	}
	s.ID = uuid.NewSHA1(imported, []byte(r.territoire.Code+"\x00"+r.origin+"\x00"+s.ExternalID))
	return s, "", nil
}

func (r *reader) position(row []string) (orb.Point, string) {
	lonText, latText := r.field(row, colLon), r.field(row, colLat)
	if r.layout[colLon] < 0 || r.layout[colLat] < 0 {
		first, second, found := strings.Cut(r.field(row, colPosition), ",")
		if !found {
			return orb.Point{}, "la position manque"
		}
		latText, lonText = first, second
	}
	if lonText == "" || latText == "" {
		return orb.Point{}, "la position manque"
	}
	lon, okLon := number(lonText)
	lat, okLat := number(latText)
	if !okLon || !okLat {
		return orb.Point{}, "une coordonnée n’est pas un nombre (« " + shown(lonText) + " », « " + shown(latText) + " »)"
	}
	p := geo.Snap(orb.Point{lon, lat})
	var invalid *geo.Invalid
	if err := geo.Extent(r.territoire.Emprise).Check(p); errors.As(err, &invalid) {
		return p, reasonOf(invalid)
	}
	return p, ""
}

func reasonOf(e *geo.Invalid) string { return reason(e).detail }

// number reads a decimal number with a point or a comma; nothing else that Go
// would take for one (NaN, 0x1p4, 1e5).
func number(text string) (float64, bool) {
	text = strings.TrimSpace(text)
	separators := 0
	for i := range len(text) {
		switch c := text[i]; {
		case c >= '0' && c <= '9':
		case c == '.' || c == ',':
			separators++
		case (c == '-' || c == '+') && i == 0:
		default:
			return 0, false
		}
	}
	if separators > 1 || len(text) > 40 {
		return 0, false
	}
	v, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
	return v, err == nil
}

// maxUnknown bounds how many unknown themes are listed.
const maxUnknown = 100

func (r *reader) theme(text string) (atelier.Theme, string) {
	if t, ok := r.byText[text]; ok {
		return t, ""
	}
	if text == "" {
		return "", "le thème manque"
	}
	t, ok := r.themes[atelier.Fold(text)]
	if !ok {
		label := shown(text)
		if _, listed := r.unknown[label]; listed || len(r.unknown) < maxUnknown {
			r.unknown[label]++
		}
		return "", "le thème « " + label + " » n’est pas connu"
	}
	r.byText[strings.Clone(text)] = t
	return t, ""
}

func (r *reader) when(row []string) (period, string) {
	text := r.field(row, colDate)
	if hour := r.field(row, colHeure); hour != "" {
		text += " " + hour
	}
	p, reason := r.moments.read(text)
	if reason != "" {
		return p, reason
	}
	if end := r.field(row, colDateFin); end != "" {
		last, reason := r.ends.read(end)
		if reason != "" {
			return p, reason
		}
		p.to = last.to
	}
	return p, checkPeriod(p, r.now)
}

// subtheme shortens what is too long, which the report tells.
func (r *reader) subtheme(text string) (string, string) {
	if unprintable(text) {
		return "", "le sous-thème contient un caractère qui ne peut pas être gardé"
	}
	if utf8.RuneCountInString(text) <= atelier.SubthemeLimit {
		return strings.Clone(text), ""
	}
	r.shortened++
	return string([]rune(text)[:atelier.SubthemeLimit-1]) + "…", ""
}

func unprintable(text string) bool {
	for _, c := range text {
		if c < ' ' || c == 0x7f || c >= 0x80 && c < 0xa0 || c >= 0x202A && c <= 0x202E || c >= 0x2066 && c <= 0x2069 {
			return true
		}
	}
	return false
}

// identify gives the row an identifier that is the same next time: its own, or
// what it says and how many rows before it said the same.
func (r *reader) identify(s *atelier.Signalement, id string) (string, error) {
	if id != "" {
		if utf8.RuneCountInString(id) > longestID || unprintable(id) {
			return "l’identifiant est illisible ou dépasse 200 caractères", nil
		}
		s.ExternalID = strings.Clone(id)
		return "", nil
	}
	sum := contentOf(s)
	key := binary.BigEndian.Uint64(sum[:8])
	if _, known := r.seen[key]; !known && len(r.seen) >= maxWithoutID {
		return "", fault.New(fault.TooLarge, "trop_sans_identifiant",
			"Plus de %d lignes n’ont pas d’identifiant. Découpez le fichier ; rien n’a été écrit.", maxWithoutID)
	}
	r.seen[key]++
	s.ExternalID = "contenu:" + hex.EncodeToString(sum[:16]) + "-" + strconv.Itoa(r.seen[key])
	return "", nil
}

func contentOf(s *atelier.Signalement) [sha256.Size]byte {
	text := make([]byte, 0, 200)
	for _, v := range []float64{s.Position[0] * 1e7, s.Position[1] * 1e7} {
		text = strconv.AppendFloat(text, v, 'f', 0, 64)
		text = append(text, 0)
	}
	text = strconv.AppendInt(text, s.OccurredFrom.Unix(), 10)
	text = append(text, 0)
	text = strconv.AppendInt(text, s.OccurredTo.Unix(), 10)
	text = append(text, 0)
	text = append(text, s.Theme...)
	text = append(text, 0)
	return sha256.Sum256(append(text, s.Subtheme...))
}
