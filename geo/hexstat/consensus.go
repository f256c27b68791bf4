package hexstat

// Consensus answers "do we agree?" for one hexagon of an atelier.
type Consensus struct {
	// N is the number of participants, or of distinct reporters.
	N int `json:"n"`
	// Unsafe and Safe are voices: distinct people.
	Unsafe int `json:"unsafe"`
	Safe   int `json:"safe"`
	// UnsafeShare and SafeShare are 95 % Wilson intervals of voices/N.
	UnsafeShare Result[Interval] `json:"unsafe_share"`
	SafeShare   Result[Interval] `json:"safe_share"`
	// Contested is 1 − |u−s|/(u+s): 0 when all say the same, 1 when the room is
	// split in two. [NoEvents] when nobody spoke.
	Contested Result[float64] `json:"contested"`
	// SignP is the exact two-sided binomial p-value of u among u+s under ½ (the
	// sign test, Conover, Practical Nonparametric Statistics, 3rd ed., 3.4);
	// 1 when nobody spoke.
	SignP Result[float64] `json:"sign_p"`
}

// ConsensusOf makes the figures of a hexagon where u of n people feel unsafe
// and s of n feel safe. One person may do both (unsafe at night, safe by day),
// so u+s may exceed n; u or s alone may not.
func ConsensusOf(u, s, n int) Consensus {
	c := Consensus{
		N: n, Unsafe: u, Safe: s,
		UnsafeShare: Wilson(u, n, Level95),
		SafeShare:   Wilson(s, n, Level95),
	}
	switch {
	case !validCounts(u, s, n) || u > n || s > n:
		c.Contested = Unknown[float64](InvalidInput)
		c.SignP = Unknown[float64](InvalidInput)
	case u+s == 0:
		c.Contested = Unknown[float64](NoEvents)
		c.SignP = Known(1.0)
	default:
		c.Contested = Known(1 - float64(max(u-s, s-u))/float64(u+s))
		c.SignP = Known(binomialTwoSided(u, u+s, 0.5))
	}
	return c
}

// Voices counts distinct people per hexagon. footprints holds one list of
// hexagon indices per resident; a resident who drew three markers in a hexagon
// counts once there. Indices outside [0, hexagons) are left out.
func Voices(footprints [][]int32, hexagons int) []int {
	voices := make([]int, hexagons)
	lastSpeaker := make([]int, hexagons)
	for resident, cells := range footprints {
		for _, h := range cells {
			if h < 0 || int(h) >= hexagons || lastSpeaker[h] == resident+1 {
				continue
			}
			lastSpeaker[h] = resident + 1
			voices[h]++
		}
	}
	return voices
}
