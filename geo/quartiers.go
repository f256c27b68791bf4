package geo

import (
	"encoding/json"
	"io"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/paulmach/orb"
	"golang.org/x/text/unicode/norm"
)

// MaxNameRunes bounds the name of a quartier.
const MaxNameRunes = 120

// QuartierLimits bounds the file of a territoire. A zero field takes the
// value of DefaultQuartierLimits.
type QuartierLimits struct {
	Bytes           int64   // of the file
	Features        int     // quartiers
	Vertices        int     // positions of one quartier, at most MaxVertices
	AllVertices     int     // positions of all quartiers together
	MinSquareMetres float64 // below it, a quartier is a sliver
	MaxSquareMetres float64 // above it, it is no quartier of a commune
}

// DefaultQuartierLimits admits the IRIS of Paris (992 areas) and refuses
// slivers that hold no hexagon of the stored resolution (2 070 m²) as well as
// areas larger than any commune of metropolitan France (Arles, 759 km²).
var DefaultQuartierLimits = QuartierLimits{
	Bytes: 32 << 20, Features: 2000, Vertices: MaxVertices, AllVertices: 200_000,
	MinSquareMetres: 2_000, MaxSquareMetres: 1_000_000_000,
}

func (l QuartierLimits) orDefault() QuartierLimits {
	d := DefaultQuartierLimits
	if l.Bytes > 0 {
		d.Bytes = l.Bytes
	}
	if l.Features > 0 {
		d.Features = l.Features
	}
	if l.Vertices > 0 {
		d.Vertices = min(l.Vertices, MaxVertices)
	}
	if l.AllVertices > 0 {
		d.AllVertices = l.AllVertices
	}
	if l.MinSquareMetres > 0 {
		d.MinSquareMetres = l.MinSquareMetres
	}
	if l.MaxSquareMetres > 0 {
		d.MaxSquareMetres = l.MaxSquareMetres
	}
	return d
}

// QuartierFeature is one quartier of a file.
type QuartierFeature struct {
	Code     string // 1 to 16 ASCII letters, digits, - or _
	Nom      string // NFC, single spaces, 1 to MaxNameRunes characters
	NomCourt string // like Nom, "" when the file gives none
	// Shape is lon/lat degrees, snapped, valid and normalised.
	Shape orb.MultiPolygon
}

// ReadQuartiers reads a GeoJSON FeatureCollection of Polygons and
// MultiPolygons with the properties code and nom, and nom_court if present;
// other properties and foreign members are ignored. The file is read as a
// stream and the first fault ends it, with an *Invalid that counts features
// from 1; failures of r are returned as they are.
//
// Codes and names must be unique, names after Unicode normalisation and
// without regard to case. Whether quartiers overlap is not checked here:
// PostGIS answers it with the area, within a tolerance, once they are loaded.
func ReadQuartiers(r io.Reader, limits QuartierLimits) ([]QuartierFeature, error) {
	reader := quartierReader{
		limits: limits.orDefault(),
		codes:  map[string]bool{}, names: map[string]bool{},
	}
	reader.scanner = newScanner(r, reader.limits.Bytes)
	if err := reader.collection(); err != nil {
		return nil, err
	}
	return reader.quartiers, nil
}

type quartierReader struct {
	*scanner
	limits    QuartierLimits
	quartiers []QuartierFeature
	codes     map[string]bool
	names     map[string]bool
	vertices  int
}

func (r *quartierReader) collection() error {
	kind, features := "", false
	err := r.object(func(key string) (err error) {
		switch key {
		case "type":
			kind, err = r.text()
		case "crs":
			err = r.crs()
		case "features":
			features = true
			err = r.array(r.feature)
		default:
			return r.skip()
		}
		return under(key, err)
	})
	switch {
	case err != nil:
		return err
	case kind != "FeatureCollection":
		return &Invalid{Reason: WrongType, Field: "type"}
	case !features:
		return &Invalid{Reason: MissingKey, Field: "features"}
	case len(r.quartiers) == 0:
		return &Invalid{Reason: NoFeatures, Field: "features"}
	}
	return r.end()
}

// lonLatNames are the spellings of WGS 84 in longitude, latitude order that
// GDAL, QGIS and the 2008 draft of GeoJSON use. By that draft, EPSG:4326 in a
// file means the same order.
var lonLatNames = map[string]bool{
	"urn:ogc:def:crs:ogc:1.3:crs84": true,
	"urn:ogc:def:crs:ogc::crs84":    true,
	"ogc:crs84":                     true,
	"crs84":                         true,
	"epsg:4326":                     true,
	"urn:ogc:def:crs:epsg::4326":    true,
}

// crs reads {"type": "name", "properties": {"name": …}}.
func (r *quartierReader) crs() error {
	name := ""
	first, err := r.next()
	if err != nil {
		return err
	}
	if first == nil {
		return invalid(WrongCRS)
	}
	err = r.members(first, func(key string) error {
		if key != "properties" {
			return r.skip()
		}
		return r.object(func(key string) (err error) {
			if key != "name" {
				return r.skip()
			}
			name, err = r.text()
			return err
		})
	})
	if err != nil {
		return err
	}
	if !lonLatNames[strings.ToLower(name)] {
		return &Invalid{Reason: WrongCRS, Value: truncated(name)}
	}
	return nil
}

// truncated keeps a sender's text short enough for an answer.
func truncated(s string) string {
	runes := []rune(s)
	if len(runes) <= MaxNameRunes {
		return s
	}
	return string(runes[:MaxNameRunes])
}

// feature reads one feature, which has been reached at its first token.
func (r *quartierReader) feature(i int, first json.Token) error {
	if i >= r.limits.Features {
		return &Invalid{Reason: TooManyFeatures, Limit: r.limits.Features}
	}
	if first == nil {
		return inFeature(i+1, invalid(NullFeature))
	}
	quartier, err := r.quartier(first)
	if err != nil {
		return inFeature(i+1, err)
	}
	if err := r.keepUnique(quartier); err != nil {
		return inFeature(i+1, err)
	}
	r.quartiers = append(r.quartiers, quartier)
	return nil
}

func (r *quartierReader) quartier(first json.Token) (QuartierFeature, error) {
	var q QuartierFeature
	kind, geometry := "", false
	err := r.members(first, func(key string) (err error) {
		switch key {
		case "type":
			kind, err = r.text()
		case "properties":
			err = r.properties(&q)
		case "geometry":
			geometry = true
			q.Shape, err = r.shape()
		default:
			return r.skip()
		}
		return under(key, err)
	})
	switch {
	case err != nil:
	case kind != "Feature":
		err = &Invalid{Reason: WrongType, Field: "type"}
	case !geometry:
		err = &Invalid{Reason: MissingKey, Field: "geometry"}
	case q.Code == "":
		err = &Invalid{Reason: MissingKey, Field: "properties.code"}
	case q.Nom == "":
		err = &Invalid{Reason: MissingKey, Field: "properties.nom"}
	}
	return q, err
}

func (r *quartierReader) properties(q *QuartierFeature) error {
	first, err := r.next()
	if err != nil || first == nil {
		return err
	}
	return r.members(first, func(key string) (err error) {
		switch strings.ToLower(key) {
		case "code":
			q.Code, err = r.code()
		case "nom":
			q.Nom, err = r.name()
		case "nom_court":
			q.NomCourt, err = r.name()
		default:
			return r.skip()
		}
		return under(strings.ToLower(key), err)
	})
}

var codePattern = regexp.MustCompile(`^[A-Za-z0-9_-]{1,16}$`)

// code reads a string or a whole number, as tables exported from a
// spreadsheet have it.
func (r *quartierReader) code() (string, error) {
	token, err := r.next()
	if err != nil {
		return "", err
	}
	code := ""
	switch token := token.(type) {
	case nil:
		return "", invalid(MissingKey)
	case string:
		code = token
	case json.Number:
		code = token.String()
	default:
		return "", invalid(WrongType)
	}
	if code == "" {
		return "", invalid(MissingKey)
	}
	if !codePattern.MatchString(code) {
		return "", &Invalid{Reason: InvalidCode, Value: truncated(code)}
	}
	return code, nil
}

// name reads a string or null.
func (r *quartierReader) name() (string, error) {
	token, err := r.next()
	if err != nil || token == nil {
		return "", err
	}
	text, ok := token.(string)
	if !ok {
		return "", invalid(WrongType)
	}
	name := strings.Join(strings.Fields(norm.NFC.String(text)), " ")
	// U+FFFD is what encoding/json makes of half a surrogate pair.
	if strings.ContainsFunc(name, func(c rune) bool { return !unicode.IsPrint(c) || c == utf8.RuneError }) {
		return "", invalid(InvalidText)
	}
	if utf8.RuneCountInString(name) > MaxNameRunes {
		return "", &Invalid{Reason: TextTooLong, Limit: MaxNameRunes}
	}
	return name, nil
}

func (r *quartierReader) shape() (orb.MultiPolygon, error) {
	first, err := r.next()
	if err != nil {
		return nil, err
	}
	if first == nil {
		return nil, invalid(EmptyGeometry)
	}
	raw, err := readGeometry(r.scanner, first, r.limits.Vertices, func(s *scanner, _ string) error { return s.skip() })
	if err != nil {
		return nil, err
	}
	g, err := raw.geometry("Polygon", "MultiPolygon")
	if err != nil {
		return nil, err
	}
	shape, ok := g.(orb.MultiPolygon)
	if !ok {
		shape = orb.MultiPolygon{g.(orb.Polygon)}
	}
	for range positionsOf(shape) {
		r.vertices++
	}
	if r.vertices > r.limits.AllVertices {
		return nil, &Invalid{Reason: TooManyVertices, Limit: r.limits.AllVertices}
	}
	return shape, r.checkArea(shape)
}

func (r *quartierReader) checkArea(shape orb.MultiPolygon) error {
	anchor := Anchor(shape)
	if area := AreaSquareMetres(shape); area < r.limits.MinSquareMetres {
		return &Invalid{Reason: TooSmall, At: &anchor, Limit: int(r.limits.MinSquareMetres)}
	} else if area > r.limits.MaxSquareMetres {
		return &Invalid{Reason: TooWide, At: &anchor, Limit: int(r.limits.MaxSquareMetres / 1e6)}
	}
	return nil
}

func (r *quartierReader) keepUnique(q QuartierFeature) error {
	if r.codes[q.Code] {
		return &Invalid{Reason: DuplicateCode, Field: "properties.code", Value: q.Code}
	}
	name := strings.ToLower(q.Nom)
	if r.names[name] {
		return &Invalid{Reason: DuplicateName, Field: "properties.nom", Value: q.Nom}
	}
	r.codes[q.Code], r.names[name] = true, true
	return nil
}
