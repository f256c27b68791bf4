package atelier

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
)

// CanonicalHash is the SHA-256, lower-case hexadecimal, of the canonical text
// of the markers (docs/protocol.md): equal on every device that has read the
// same log. Deleted markers do not count; the order of ms does not matter.
func CanonicalHash(ms []Marker) string {
	sum := sha256.Sum256([]byte(CanonicalText(ms)))
	return hex.EncodeToString(sum[:])
}

// CanonicalText is the text under CanonicalHash: one line per living marker,
// sorted by id.
func CanonicalText(ms []Marker) string {
	lines := make([]string, 0, len(ms))
	for _, m := range ms {
		if !m.Deleted {
			lines = append(lines, canonicalLine(m))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "")
}

func canonicalLine(m Marker) string {
	hidden := "0"
	if m.Hidden {
		hidden = "1"
	}
	return fmt.Sprintf("%s %d %s %s %s %s %s\n", m.ID, m.Table, m.Author, m.Felt, hidden,
		canonicalGeometry(m.Geometry), canonicalAttributes(m.Attributes))
}

func canonicalGeometry(g orb.Geometry) string {
	var b strings.Builder
	points := []orb.Point{}
	switch g := g.(type) {
	case orb.Point:
		b.WriteString("P:")
		points = append(points, g)
	case orb.Polygon:
		b.WriteString("Z:")
		points = append(points, g[0]...)
	}
	for i, p := range points {
		if i > 0 {
			b.WriteByte(';')
		}
		b.WriteString(strconv.FormatInt(int64(math.Round(p[0]*1e7)), 10))
		b.WriteByte(',')
		b.WriteString(strconv.FormatInt(int64(math.Round(p[1]*1e7)), 10))
	}
	return b.String()
}

func canonicalAttributes(a Attributes) string {
	var parts []string
	for _, r := range registers { // already in byte order of their names
		switch v := r.get(&a).(type) {
		case []string:
			sorted := slices.Sorted(slices.Values(v))
			parts = append(parts, r.name+"="+strings.Join(sorted, ","))
		case string:
			if r.name == "note" {
				v = percentEncode(v)
			}
			parts = append(parts, r.name+"="+v)
		case int:
			parts = append(parts, r.name+"="+strconv.Itoa(v))
		case bool:
			if v {
				parts = append(parts, r.name+"=1")
			} else {
				parts = append(parts, r.name+"=0")
			}
		}
	}
	if len(parts) == 0 {
		return "-"
	}
	return strings.Join(parts, "&")
}

// percentEncode keeps RFC 3986's unreserved characters and writes every other
// byte of the UTF-8 text as %XX.
func percentEncode(s string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || strings.IndexByte("-_.~", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
