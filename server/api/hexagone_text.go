package api

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"quietude/geo"
	"quietude/geo/hexcube"
	"quietude/geo/hexgrid"
)

// hexagonWriter writes hexagons as text, one at a time.
type hexagonWriter struct {
	media string
	// name of the file that a browser saves; "" to show it.
	file       string
	head, tail string
	// between stands between two hexagons.
	between string
	one     func(a *API, dst []byte, quartier string, r hexgrid.Resolution, n *hexcube.Count) []byte
}

var geoJSONHexagons = &hexagonWriter{
	media: mediaGeoJSON,
	head:  `{"type":"FeatureCollection","features":[`, between: ",", tail: "]}",
	one: func(a *API, dst []byte, quartier string, r hexgrid.Resolution, n *hexcube.Count) []byte {
		dst = append(dst, a.ring(n.Cell).text...)
		dst = strconv.AppendInt(dst, int64(r), 10)
		if quartier != "" {
			dst = append(dst, `,"quartier":`...)
			dst = append(dst, quoted(quartier)...)
		}
		for _, p := range [...]struct {
			name  string
			value int32
		}{{`,"unsafe":`, n.Unsafe}, {`,"safe":`, n.Safe}, {`,"markers":`, n.Markers()}, {`,"signalements":`, n.Signalements}} {
			dst = append(dst, p.name...)
			dst = strconv.AppendInt(dst, int64(p.value), 10)
		}
		dst = append(dst, `,"contested":`...)
		if contested, ok := n.Contested(); ok {
			dst = strconv.AppendFloat(dst, contested, 'f', -1, 64)
		} else {
			dst = append(dst, "null"...)
		}
		return append(dst, "}}"...)
	},
}

// quoted is a JSON string.
func quoted(text string) []byte {
	body, _ := json.Marshal(text) // a string never fails
	return body
}

// csvHexagons is comma-separated, UTF-8, with a line of names; lines end as
// RFC 4180 says.
var csvHexagons = &hexagonWriter{
	media: "text/csv", file: "hexagones.csv",
	head: "h3,resolution,quartier,unsafe,safe,markers,signalements,contested\r\n",
	one: func(_ *API, dst []byte, quartier string, r hexgrid.Resolution, n *hexcube.Count) []byte {
		dst = append(dst, n.Cell.String()...)
		dst = strconv.AppendInt(append(dst, ','), int64(r), 10)
		dst = append(append(dst, ','), csvText(quartier)...)
		for _, value := range [...]int32{n.Unsafe, n.Safe, n.Markers(), n.Signalements} {
			dst = strconv.AppendInt(append(dst, ','), int64(value), 10)
		}
		dst = append(dst, ',')
		if contested, ok := n.Contested(); ok {
			dst = strconv.AppendFloat(dst, contested, 'f', -1, 64)
		}
		return append(dst, "\r\n"...)
	},
}

// csvText is a text as a field. A spreadsheet would run one that begins like a
// formula: an apostrophe before it says that it is text (OWASP, CSV injection).
func csvText(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		text = "'" + text
	}
	if strings.ContainsAny(text, "\",\r\n") {
		text = `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
	}
	return text
}

// ringText is the part of a feature that never changes: asking H3 for the corners
// and writing them as decimals costs ten times the rest, so it is remembered.
type ringText struct {
	bound orb.Bound
	text  string // the feature from its brace to the number of its resolution
}

// ringsKept: a large city has 80,000 hexagons at all resolutions; with 350 bytes
// each, at most 23 MB.
const ringsKept = 1 << 16

func (a *API) ring(cell hexgrid.Cell) *ringText { return a.rings.Get(cell, newRingText) }

func newRingText(cell hexgrid.Cell) ringText {
	h3 := cell.String()
	// On the stored grid (11 mm) corners of neighbours are the same numbers.
	outline := geo.SnapPolygon(orb.Polygon{cell.Boundary()})
	var ring []byte
	for i, corner := range outline[0] {
		if i > 0 {
			ring = append(ring, ',')
		}
		ring = strconv.AppendFloat(append(ring, '['), corner[0], 'f', -1, 64)
		ring = strconv.AppendFloat(append(ring, ','), corner[1], 'f', -1, 64)
		ring = append(ring, ']')
	}
	return ringText{bound: outline.Bound(), text: fmt.Sprintf(
		`{"type":"Feature","id":"%s","geometry":{"type":"Polygon","coordinates":[[%s]]},"properties":{"h3":"%s","resolution":`, h3, ring, h3)}
}
