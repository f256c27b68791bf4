// Package report makes what is printed: the cards that stand on the tables of
// an atelier. It decides nothing about who may have them; codes open tables.
package report

import (
	"bytes"
	"fmt"
	"strings"

	"rsc.io/qr"
)

// TableAddress is where a phone goes to sit down at a table. baseURL has no
// final slash.
func TableAddress(baseURL, code string) string { return baseURL + "/a/" + code }

// quietZone is the white border that ISO/IEC 18004 wants, in modules.
const quietZone = 4

// QRCode is the QR code of a text as an SVG image of dark squares on white.
func QRCode(text string) ([]byte, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return nil, fmt.Errorf("QR code: %w", err)
	}
	side := code.Size + 2*quietZone
	var path strings.Builder
	eachDark(code, func(x, y, width int) {
		fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", x+quietZone, y+quietZone, width, width)
	})
	var out bytes.Buffer
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges" role="img">`+
		`<rect width="%d" height="%d" fill="#fff"/><path d="%s" fill="#000"/></svg>`, side, side, side, side, path.String())
	return out.Bytes(), nil
}

// eachDark visits the runs of dark modules, row by row.
func eachDark(code *qr.Code, visit func(x, y, width int)) {
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			width := 0
			for x+width < code.Size && code.Black(x+width, y) {
				width++
			}
			if width > 0 {
				visit(x, y, width)
				x += width
			}
		}
	}
}
