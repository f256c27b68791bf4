package geo

import (
	"math"
	"math/big"

	"github.com/paulmach/orb"
)

// turn is the sign of the area of the triangle a, b, c: +1 when c is left of
// the line from a to b, −1 when it is right of it, 0 when it is exactly on it.
//
// The sign is exact. The floating-point determinant is trusted when it
// exceeds the bound of its own rounding error, (3 + 16ε)ε(|l| + |r|) with
// ε = 2⁻⁵³ (J. R. Shewchuk, Adaptive Precision Floating-Point Arithmetic and
// Fast Robust Geometric Predicates, 1997); rational numbers settle the rest.
// Without it a vertex that lies on another border would be in or out by chance.
// It is 0 for positions that are not finite.
func turn(a, b, c orb.Point) int {
	left := float64((a[0] - c[0]) * (b[1] - c[1]))
	right := float64((a[1] - c[1]) * (b[0] - c[0]))
	det := left - right
	const errorBound = (3 + 16*0x1p-53) * 0x1p-53
	if margin := errorBound * (math.Abs(left) + math.Abs(right)); det > margin {
		return 1
	} else if det < -margin {
		return -1
	}
	if a == b || a == c || b == c || math.IsNaN(det) || math.IsInf(det, 0) {
		return 0
	}
	return exactTurn(a, b, c)
}

func exactTurn(a, b, c orb.Point) int {
	left := difference(a[0], c[0])
	left.Mul(left, difference(b[1], c[1]))
	right := difference(a[1], c[1])
	right.Mul(right, difference(b[0], c[0]))
	return left.Cmp(right)
}

func difference(x, y float64) *big.Rat {
	d := new(big.Rat).SetFloat64(x)
	return d.Sub(d, new(big.Rat).SetFloat64(y))
}

// within says that p, known to be on the line through a and b, is between them.
func within(p, a, b orb.Point) bool {
	return math.Min(a[0], b[0]) <= p[0] && p[0] <= math.Max(a[0], b[0]) &&
		math.Min(a[1], b[1]) <= p[1] && p[1] <= math.Max(a[1], b[1])
}

type side int

const (
	outside side = iota
	border
	inside
)

// ringSide places p exactly: even-odd rule with exact turns.
func ringSide(ring orb.Ring, p orb.Point) side {
	in := false
	for i := 1; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		if (a[1] > p[1]) != (b[1] > p[1]) {
			if a[1] > b[1] {
				a, b = b, a
			}
			t := turn(a, b, p)
			if t == 0 {
				return border
			}
			if t > 0 {
				in = !in
			}
		} else if a[1] == p[1] && within(p, a, b) && turn(a, b, p) == 0 {
			return border
		} else if b[1] == p[1] && p == b {
			return border
		}
	}
	if in {
		return inside
	}
	return outside
}

// polygonSide places p in relation to the area of a valid polygon.
func polygonSide(polygon orb.Polygon, p orb.Point) side {
	if len(polygon) == 0 {
		return outside
	}
	where := ringSide(polygon[0], p)
	if where != inside {
		return where
	}
	for _, hole := range polygon[1:] {
		switch ringSide(hole, p) {
		case border:
			return border
		case inside:
			return outside
		}
	}
	return inside
}
