package tile_test

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"testing"

	"github.com/paulmach/orb/maptile"
	"pgregory.net/rapid"

	"quietude/geo/tile"
)

func TestParseCoordRefuses(t *testing.T) {
	for _, c := range []struct {
		z, x, y string
		want    error
	}{
		{"010", "0", "0", tile.ErrMalformed},
		{"-1", "0", "0", tile.ErrMalformed},
		{"+1", "0", "0", tile.ErrMalformed},
		{"1", "0", "1e9", tile.ErrMalformed},
		{"1", "0x1", "0", tile.ErrMalformed},
		{"1", "", "0", tile.ErrMalformed},
		{"1", " 1", "0", tile.ErrMalformed},
		{"1", "1.0", "0", tile.ErrMalformed},
		{"1", "١", "0", tile.ErrMalformed}, // an Arabic digit
		{"1", "1_0", "0", tile.ErrMalformed},
		{"00", "0", "0", tile.ErrMalformed},
		{"0", "1", "0", tile.ErrNoSuchTile},
		{"3", "7", "8", tile.ErrNoSuchTile},
		{"23", "0", "0", tile.ErrNoSuchTile},
		{"40", "0", "0", tile.ErrNoSuchTile},
		{"22", "4194304", "0", tile.ErrNoSuchTile},
		{"22", "99999999999999999999", "0", tile.ErrNoSuchTile},
	} {
		if got, err := tile.ParseCoord(c.z, c.x, c.y); !errors.Is(err, c.want) {
			t.Errorf("ParseCoord(%q, %q, %q) = %v, %v, want %v", c.z, c.x, c.y, got, err, c.want)
		}
	}
}

func TestParseCoordReadsWhatStringWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawCoord(t, 0)
		text := func(n uint32) string { return strconv.FormatUint(uint64(n), 10) }
		got, err := tile.ParseCoord(text(want.Z), text(want.X), text(want.Y))
		if err != nil || got != want {
			t.Fatalf("got %v, %v, want %v", got, err, want)
		}
	})
}

func FuzzParseCoord(f *testing.F) {
	f.Add("14", "8462", "5862")
	f.Add("010", "-1", "1e9")
	f.Add("22", "4194303", "4194304")
	f.Fuzz(func(t *testing.T, z, x, y string) {
		c, err := tile.ParseCoord(z, x, y)
		if err != nil {
			return
		}
		if !c.Valid() || c.String() != fmt.Sprintf("%s/%s/%s", z, x, y) {
			t.Errorf("ParseCoord(%q, %q, %q) = %v", z, x, y, c)
		}
	})
}

// The bounds are those of orb's tiles, to a millimetre.
func TestBoundsEqualOrb(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawCoord(t, 0)
		got := c.Bounds()
		want := maptile.New(c.X, c.Y, maptile.Zoom(c.Z)).Bound()
		for i := range 2 {
			if math.Abs(got.Min[i]-want.Min[i]) > 1e-8 || math.Abs(got.Max[i]-want.Max[i]) > 1e-8 {
				t.Fatalf("%v: got %v, want %v", c, got, want)
			}
		}
	})
}

func drawCoord(t *rapid.T, minZoom uint32) tile.Coord {
	z := rapid.Uint32Range(minZoom, tile.MaxZoom).Draw(t, "z")
	return tile.Coord{
		Z: z,
		X: rapid.Uint32Range(0, 1<<z-1).Draw(t, "x"),
		Y: rapid.Uint32Range(0, 1<<z-1).Draw(t, "y"),
	}
}
