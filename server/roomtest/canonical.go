package roomtest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// stateHash is the hash of docs/protocol.md, « Canonical text and hash », over
// the markers that are not deleted.
func stateHash(markers map[string]MarkerView) string {
	sum := sha256.New()
	for _, id := range slices.Sorted(maps.Keys(markers)) {
		if m := markers[id]; !m.Deleted {
			sum.Write([]byte(canonicalLine(m)))
		}
	}
	return hex.EncodeToString(sum.Sum(nil))
}

func canonicalLine(m MarkerView) string {
	hidden := "0"
	if m.Hidden {
		hidden = "1"
	}
	return strings.Join([]string{m.ID.String(), strconv.Itoa(m.Table), m.Author.String(), m.Felt, hidden,
		canonicalGeometry(m.Geometry), canonicalAttributes(m.Attributes)}, " ") + "\n"
}

func canonicalGeometry(g *Geometry) string {
	letter := "P:"
	if g.Zone {
		letter = "Z:"
	}
	positions := make([]string, len(g.Ring))
	for i, p := range g.Ring {
		u := p.units()
		positions[i] = fmt.Sprintf("%d,%d", u[0], u[1])
	}
	return letter + strings.Join(positions, ";")
}

func canonicalAttributes(a Attributes) string {
	var fields []string
	for _, name := range slices.Sorted(maps.Keys(a)) {
		if value, present := canonicalValue(name, a[name]); present {
			fields = append(fields, name+"="+value)
		}
	}
	if fields == nil {
		return "-"
	}
	return strings.Join(fields, "&")
}

// canonicalValue writes a value as JSON decoding gives it.
func canonicalValue(name string, value any) (text string, present bool) {
	switch v := value.(type) {
	case []any:
		list := make([]string, len(v))
		for i, element := range v {
			list[i] = fmt.Sprint(element)
		}
		slices.Sort(list)
		return strings.Join(list, ","), len(list) > 0
	case string:
		if name == "note" {
			return percentEncoded(v), v != ""
		}
		return v, v != ""
	case float64:
		return strconv.Itoa(int(v)), true
	case bool:
		if v {
			return "1", true
		}
		return "0", true
	}
	return "", false // null
}

func percentEncoded(text string) string {
	const plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~"
	var b strings.Builder
	for _, c := range []byte(text) {
		if strings.IndexByte(plain, c) >= 0 {
			b.WriteByte(c)
			continue
		}
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}
