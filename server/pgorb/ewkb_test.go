package pgorb

import (
	"encoding/hex"
	"testing"

	"github.com/paulmach/orb"
)

// wellFormed are geometries of every type, as we encode them.
func wellFormed(t testing.TB) [][]byte {
	ring := orb.Ring{{0, 0}, {1, 0}, {0, 1}, {0, 0}}
	var all [][]byte
	for _, g := range []orb.Geometry{
		orb.Point{5.92, 45.56}, orb.MultiPoint{{1, 2}, {3, 4}}, orb.LineString{{1, 2}, {3, 4}},
		orb.MultiLineString{{{1, 2}, {3, 4}}}, orb.Polygon{ring}, orb.MultiPolygon{{ring}, {}},
		orb.Collection{orb.Point{1, 2}, orb.Collection{}},
	} {
		b, err := encode(g)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b)
	}
	return all
}

// TestDecodeTakesAllBytesOrNone cuts each encoding at every length, and adds a
// byte to it.
func TestDecodeTakesAllBytesOrNone(t *testing.T) {
	for _, b := range wellFormed(t) {
		if _, err := decode(b); err != nil {
			t.Errorf("decode(%x): %v", b, err)
		}
		for n := range b {
			if g, err := decode(b[:n]); err == nil {
				t.Errorf("decode(%x): got %v from %d of %d bytes, want an error", b[:n], g, n, len(b))
			}
		}
		if g, err := decode(append(b, 0)); err == nil {
			t.Errorf("decode(%x): got %v with a byte too many, want an error", b, g)
		}
	}
}

func TestDecodeBigEndian(t *testing.T) {
	b, err := hex.DecodeString("0020000001000010e6" + "3ff0000000000000" + "4000000000000000")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := decode(b); err != nil || got != orb.Geometry(orb.Point{1, 2}) {
		t.Errorf("got %v, %v, want %v", got, err, orb.Point{1, 2})
	}
}

// FuzzDecode: no bytes panic, and what decodes encodes to something equal.
func FuzzDecode(f *testing.F) {
	for _, b := range wellFormed(f) {
		f.Add(b)
	}
	for kind := range byte(18) {
		f.Add([]byte{1, kind, 0, 0, 0, 0, 0, 0, 0x80}) // announces 2³¹ elements
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		g, err := decode(b)
		if err != nil {
			return
		}
		again, err := encode(g)
		if err != nil {
			t.Fatalf("encode(decode(%x)): %v", b, err)
		}
		back, err := decode(again)
		if err != nil || !orb.Equal(back, g) {
			t.Errorf("decode(encode(%v)): got %v, %v", g, back, err)
		}
	})
}
