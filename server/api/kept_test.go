package api

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// TestRandomScansPushNothingOut looks at some tiles now and then while a scan
// asks for a hundred thousand others, a few of them twice.
func TestRandomScansPushNothingOut(t *testing.T) {
	t.Parallel()
	const limit = 1 << 20
	kept := newKeptAnswers(limit)
	chance := rand.New(rand.NewPCG(1, 1))
	ask := func(uri string) (known bool) {
		at := address{uri: uri}
		if kept.get(at) != nil {
			return true
		}
		if kept.wanted(at) {
			kept.put(&keptAnswer{address: at, body: make([]byte, 2000), full: true})
		}
		return false
	}
	for range 2 {
		for i := range 50 {
			ask(fmt.Sprint("liked ", i))
		}
	}
	missed := 0
	for i := range 100_000 {
		ask(fmt.Sprint("random ", chance.IntN(1<<30)))
		if i%20 == 0 && !ask(fmt.Sprint("liked ", i/20%50)) {
			missed++
		}
		if kept.bytes > limit {
			t.Fatalf("%d bytes, at most %d are allowed", kept.bytes, limit)
		}
	}
	if missed > 0 {
		t.Errorf("%d of 5000 looks at liked tiles found nothing", missed)
	}
	kept.put(&keptAnswer{address: address{uri: "large"}, body: make([]byte, limit/2)})
	if kept.get(address{uri: "large"}) != nil {
		t.Error("one large answer takes half of the room")
	}
}

func TestAccepts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		list, coding string
		want         bool
	}{
		{"", "gzip", false}, {"gzip", "gzip", true}, {"gzip, deflate, br, zstd", "zstd", true}, {"deflate,gzip;q=0.5", "gzip", true},
		{"gzip;q=0", "gzip", false}, {"gzip; q=0.000", "gzip", false}, {"x-gzip", "gzip", false}, {"gzip ;q=1", "gzip", true},
	} {
		if got := accepts(c.list, c.coding); got != c.want {
			t.Errorf("%q accepts %s: %v", c.list, c.coding, got)
		}
	}
}
