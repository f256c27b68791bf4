package report

import (
	"fmt"
	"html"
	"strings"

	"github.com/paulmach/orb"
)

// svg draws a plan without any style sheet or script: the same picture is put
// into a page and into an ODT. id is unique in the page.
func (p Plan) svg(id string) string {
	s := planFrame(p.Map.Outline, 0, 0)
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0fmm" height="%.0fmm" viewBox="0 0 %.0f %.0f" role="img" aria-labelledby="%s-t %s-d" font-family="Helvetica, Arial, sans-serif">`,
		planWidth, planHeight, planWidth, planHeight, id, id)
	fmt.Fprintf(&b, `<title id="%s-t">%s</title><desc id="%s-d">%s</desc>`, id, html.EscapeString(p.Title), id, html.EscapeString(p.Alt))
	fmt.Fprintf(&b, `<clipPath id="%s-c"><rect width="%.0f" height="%.0f"/></clipPath><g clip-path="url(#%s-c)">`, id, planWidth, planHeight, id)
	fmt.Fprintf(&b, `<rect width="%.0f" height="%.0f" fill="#f4f2ec"/>`, planWidth, planHeight)
	b.WriteString(`<g fill="#e3ddef">`)
	for _, l := range p.Map.Landmarks {
		for _, area := range l.Areas {
			fmt.Fprintf(&b, `<path d="%s"/>`, svgRing(s, area[0]))
		}
	}
	b.WriteString(`</g>`)
	for _, layer := range []struct {
		colour string
		wide   float64
	}{{"#b8b2a2", 0.9}, {"#ffffff", 0.55}} {
		fmt.Fprintf(&b, `<g fill="none" stroke="%s" stroke-linecap="round" stroke-linejoin="round">`, layer.colour)
		for i := len(p.Map.Streets) - 1; i >= 0; i-- {
			street := p.Map.Streets[i]
			width := layer.wide
			if street.Main {
				width *= 1.8
			}
			for _, line := range street.Lines {
				if d := svgLine(s, line); d != "" {
					fmt.Fprintf(&b, `<path stroke-width="%.2f" d="%s"/>`, width, d)
				}
			}
		}
		b.WriteString(`</g>`)
	}
	for _, polygon := range p.Map.Outline {
		for _, ring := range polygon {
			fmt.Fprintf(&b, `<path fill="none" stroke="#5b6472" stroke-width="0.5" stroke-dasharray="2 1.2" d="%s"/>`, svgRing(s, ring))
		}
	}
	for _, h := range p.Hexagons {
		h.svg(&b, s)
	}
	b.WriteString(`</g>`)
	fmt.Fprintf(&b, `<rect x="0.1" y="0.1" width="%.1f" height="%.1f" fill="none" stroke="#8a8f9a" stroke-width="0.2"/>`, planWidth-0.2, planHeight-0.2)
	metres := roundMetres(40 * s.metresPerMillimetre)
	length := metres / s.metresPerMillimetre
	fmt.Fprintf(&b, `<path d="M4 %.1fh%.2f" stroke="#1d2433" stroke-width="0.7"/><text x="4" y="%.1f" font-size="3.2" fill="#1d2433">%.0f m</text>`,
		planHeight-4, length, planHeight-5.5, metres)
	fmt.Fprintf(&b, `<path d="M%.1f 3l2.4 7-2.4-1.5-2.4 1.5z" fill="#1d2433"/><text x="%.1f" y="14" font-size="3.6" text-anchor="middle" fill="#1d2433">N</text>`,
		planWidth-7, planWidth-7)
	b.WriteString(`</svg>`)
	return b.String()
}

func (h PlanHexagon) svg(b *strings.Builder, s sheet) {
	ring := s.points(h.Ring)
	if len(ring) == 0 {
		return
	}
	edge := hex(edges[h.Reading])
	fmt.Fprintf(b, `<path fill="%s" fill-opacity="0.75" stroke="%s" stroke-width="0.35" d="%s"/>`, hex(h.fill()), edge, svgRing(s, h.Ring))
	if h.Reading == ReadContested {
		for _, line := range hatches(ring, hatchGap) {
			fmt.Fprintf(b, `<path stroke="%s" stroke-width="0.2" d="M%.2f %.2fL%.2f %.2f"/>`, edge, line[0].x, line[0].y, line[1].x, line[1].y)
		}
	}
	m := middle(ring)
	switch h.Reading {
	case ReadUnsafe:
		fmt.Fprintf(b, `<path fill="#fff" stroke="%s" stroke-width="0.4" d="M%.2f %.2fl5 8.4h-10z"/>`, edge, m.x, m.y-5.6)
	case ReadSafe:
		fmt.Fprintf(b, `<circle fill="#fff" stroke="%s" stroke-width="0.4" cx="%.2f" cy="%.2f" r="3.6"/>`, edge, m.x, m.y)
	default:
		fmt.Fprintf(b, `<rect fill="#fff" stroke="%s" stroke-width="0.4" x="%.2f" y="%.2f" width="6.6" height="6.6"/>`, edge, m.x-3.3, m.y-3.3)
	}
	fmt.Fprintf(b, `<text x="%.2f" y="%.2f" font-size="3.6" font-weight="bold" text-anchor="middle" fill="#1d2433">%d</text>`, m.x, m.y+1.3, h.Number)
}

// hatchGap is the distance of the hatches, millimetres.
const hatchGap = 1.6

func hex(c [3]int) string { return fmt.Sprintf("#%02x%02x%02x", c[0], c[1], c[2]) }

func svgRing(s sheet, ring orb.Ring) string { return svgPath(s, ring) + "z" }

// svgLine is the path of a line; "" when all of it is beyond the frame.
func svgLine(s sheet, line orb.LineString) string {
	if len(line) == 0 || !line.Bound().Intersects(s.box) {
		return ""
	}
	return svgPath(s, line)
}

func svgPath(s sheet, line []orb.Point) string {
	var b strings.Builder
	for i, p := range line {
		letter := "L"
		if i == 0 {
			letter = "M"
		}
		at := s.at(p)
		fmt.Fprintf(&b, "%s%.2f %.2f", letter, at.X, at.Y)
	}
	return b.String()
}
