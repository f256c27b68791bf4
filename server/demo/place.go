package demo

import (
	"math"
	"math/rand/v2"

	"github.com/paulmach/orb"

	"quietude/geo"
)

// spotMetres is how far apart the points are that stand for the streets.
const spotMetres = 12.0

// metresPerDegree of latitude, on the sphere that geo uses.
const metresPerDegree = 2 * math.Pi * 6_378_137 / 360

// moved is p moved by metres east and north; good within some kilometres.
func moved(p orb.Point, east, north float64) orb.Point {
	return orb.Point{
		p[0] + east/(metresPerDegree*math.Cos(p[1]*math.Pi/180)),
		p[1] + north/metresPerDegree,
	}
}

// metres between two near points.
func metres(a, b orb.Point) float64 {
	return math.Hypot((a[0]-b[0])*math.Cos(a[1]*math.Pi/180), a[1]-b[1]) * metresPerDegree
}

// along gives the points of a line every spotMetres, the first half a step in.
func along(line orb.LineString) []orb.Point {
	var out []orb.Point
	next := spotMetres / 2
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		length := metres(a, b)
		for ; next < length; next += spotMetres {
			t := next / length
			out = append(out, orb.Point{a[0] + t*(b[0]-a[0]), a[1] + t*(b[1]-a[1])})
		}
		next -= length
	}
	return out
}

// beside is a snapped point within a pavement's width of p.
func beside(r *rand.Rand, p orb.Point) orb.Point {
	return geo.Snap(moved(p, r.Float64()*12-6, r.Float64()*12-6))
}

// near gives the spots within reach of a centre, each as often as it is close:
// a bell of the given width, metres.
type near struct {
	spots []orb.Point
	sums  []float64 // running weight
}

func newNear(spots []orb.Point, centre orb.Point, width float64) near {
	var n near
	sum := 0.0
	for _, p := range spots {
		if d := metres(p, centre); d < 3*width {
			sum += math.Exp(-d * d / (2 * width * width))
			n.spots, n.sums = append(n.spots, p), append(n.sums, sum)
		}
	}
	return n
}

func (n near) draw(r *rand.Rand) orb.Point { return n.spots[pickIndex(r, n.sums)] }

// pickIndex draws an index by running sums of weights.
func pickIndex(r *rand.Rand, sums []float64) int {
	x := r.Float64() * sums[len(sums)-1]
	lo, hi := 0, len(sums)-1
	for lo < hi {
		if mid := (lo + hi) / 2; sums[mid] <= x {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// weighted draws one of the keys by its weight.
type weighted[T any] []struct {
	value  T
	weight float64
}

func (w weighted[T]) draw(r *rand.Rand) T {
	total := 0.0
	for _, c := range w {
		total += c.weight
	}
	x := r.Float64() * total
	for _, c := range w {
		if x -= c.weight; x < 0 {
			return c.value
		}
	}
	return w[len(w)-1].value
}

// some draws up to n different members of a list, at least one, in its order.
func some(r *rand.Rand, list []string, n int) []string {
	count := 1 + r.IntN(min(n, len(list)))
	chosen := r.Perm(len(list))[:count]
	in := make([]bool, len(list))
	for _, i := range chosen {
		in[i] = true
	}
	var out []string
	for i, v := range list {
		if in[i] {
			out = append(out, v)
		}
	}
	return out
}
