package hexstat

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
)

func TestConsensus(t *testing.T) {
	file := oracle[struct {
		Rows []struct {
			Unsafe, Safe, N                        int
			Unsafe_lo, Unsafe_hi, Safe_lo, Safe_hi float64
			Sign_p, Contested                      *float64
		}
	}](t, "consensus.json")
	for _, r := range file.Rows {
		name := fmt.Sprintf("%d unsafe, %d safe of %d", r.Unsafe, r.Safe, r.N)
		c := ConsensusOf(r.Unsafe, r.Safe, r.N)
		u, s := value(t, name, c.UnsafeShare), value(t, name, c.SafeShare)
		near(t, name+" unsafe lo", u.Lo, r.Unsafe_lo, closedForm)
		near(t, name+" unsafe hi", u.Hi, r.Unsafe_hi, closedForm)
		near(t, name+" safe lo", s.Lo, r.Safe_lo, closedForm)
		near(t, name+" safe hi", s.Hi, r.Safe_hi, closedForm)
		same(t, name+" sign test", c.SignP, r.Sign_p)
		same(t, name+" contested", c.Contested, r.Contested)
	}
}

func TestConsensusRefuses(t *testing.T) {
	c := ConsensusOf(21, 0, 20)
	refused(t, "21 of 20", c.UnsafeShare, InvalidInput)
	refused(t, "21 of 20", c.Contested, InvalidInput)
	refused(t, "21 of 20", c.SignP, InvalidInput)
	nobody := ConsensusOf(0, 0, 0)
	refused(t, "0 of 0", nobody.UnsafeShare, NoData)
	refused(t, "0 of 0", nobody.Contested, NoEvents)
}

func TestConsensusInJSON(t *testing.T) {
	raw, err := json.Marshal(ConsensusOf(0, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"n":0,"unsafe":0,"safe":0,` +
		`"unsafe_share":{"value":null,"reason":"no_data"},"safe_share":{"value":null,"reason":"no_data"},` +
		`"contested":{"value":null,"reason":"no_events"},"sign_p":{"value":1}}`
	if string(raw) != want {
		t.Errorf("got  %s\nwant %s", raw, want)
	}
}

// The sign test against its definition: the sum over all outcomes that are no
// likelier.
func TestSignTestByEnumeration(t *testing.T) {
	for total := 1; total <= 40; total++ {
		for u := 0; u <= total; u++ {
			want := 0.0
			for k := 0; k <= total; k++ {
				if choose(total, k) <= choose(total, u)*(1+1e-12) {
					want += choose(total, k)
				}
			}
			for range total {
				want /= 2
			}
			got := value(t, "sign test", ConsensusOf(u, total-u, total).SignP)
			near(t, fmt.Sprintf("%d of %d", u, total), got, want, 1e-12)
		}
	}
}

func TestVoicesCountsPeople(t *testing.T) {
	got := Voices([][]int32{{0, 0, 1, 0}, {0}, {}, {2, 9, -1}}, 4)
	if want := []int{2, 1, 1, 0}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
