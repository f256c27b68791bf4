package edition

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"quietude/geo/hexgrid"
)

// evening is a synthetic atelier in the 61 hexagons of 10 around chambery: each
// resident places 4 to 7 unsafe and 2 to 5 safe markers, most of them within a
// hexagon of the few places that the quartier talks about. The share of shared
// places is set so that a third of the voices of one atelier of twenty survive
// at 10; the other figures follow from it.
func evening(rng *rand.Rand, name string, residents int, places [2][]hexgrid.Cell) []Voice {
	const shared = 0.60
	cells := disk(Fine, 4)
	var voices []Voice
	for resident := range residents {
		for f, felt := range felts {
			for range []int{4, 2}[f] + rng.IntN(4) {
				cell := cells[rng.IntN(len(cells))]
				if rng.Float64() < shared {
					around := must(places[f][rng.IntN(len(places[f]))].Disk(1))
					cell = around[rng.IntN(len(around))]
					if rng.IntN(2) == 0 {
						cell = around[len(around)/2]
					}
				}
				first, _ := cell.DescendantRange(hexgrid.Stored)
				voices = append(voices, Voice{fmt.Sprintf("%s-%d", name, resident), felt, []hexgrid.Cell{first}})
			}
		}
	}
	return voices
}

// quartierVoices is a synthetic quartier with some evenings about the same places.
func quartierVoices(seed uint64, evenings int) (voices []Voice) {
	rng := rand.New(rand.NewPCG(seed, 17))
	deck := shuffled(rng, disk(Fine, 3))
	places := [2][]hexgrid.Cell{deck[:6], deck[6:11]}
	for i := range evenings {
		voices = append(voices, evening(rng, fmt.Sprint("e", i), 20, places)...)
	}
	return voices
}

// survivors are the voices (person, unit, felt) of a request: all of them,
// those that reach k, and those that reach the secret threshold.
func survivors(r Request) (all, plain, published int) {
	units := mergePattern(r.Cells, r.Resolution, r.Addresses)
	for i, counts := range must(countVoices(units, r.Voices)) {
		for f, felt := range felts {
			n := counts[f]
			all += n
			if n >= r.Threshold {
				plain += n
			}
			if n >= r.Key.threshold(r.Threshold, hexagonSubject(units[i].cell, felt)) {
				published += n
			}
		}
	}
	return
}

// Survival at k = 5, of voices counted once per person, hexagon and felt. The
// figures in the package's documentation come from here.
func TestWhatSurvives(t *testing.T) {
	for _, c := range []struct {
		ateliers   int
		resolution hexgrid.Resolution
		least      int // per cent, of voices that reach k
		most       int
	}{
		{1, Fine, 30, 38},
		{1, Broad, 77, 87},
		{3, Fine, 61, 71},
		{3, Broad, 94, 100},
	} {
		var all, plain, published int
		for seed := range uint64(200) {
			r := Request{Resolution: c.resolution, Cells: disk(Fine, 4), Threshold: MinThreshold, Key: keyOf(seed),
				Voices: quartierVoices(seed, c.ateliers)}
			a, p, q := survivors(r)
			all, plain, published = all+a, plain+p, published+q
		}
		reach := 100 * float64(plain) / float64(all)
		t.Logf("%d atelier(s) of 20 at resolution %d: %.0f %% of voices reach k, %.0f %% their secret threshold (200 quartiers, %d voices)",
			c.ateliers, c.resolution, reach, 100*float64(published)/float64(all), all)
		if reach < float64(c.least) || reach > float64(c.most) {
			t.Errorf("want %d to %d %%", c.least, c.most)
		}
		if published > plain {
			t.Error("more voices are published than reach k")
		}
	}
}

// Insiders who all mark the same hexagon know their own voices; when the
// hexagon appears, they learn that somebody else marked it. Over the hexagons
// and felts of synthetic quartiers where one to four others did, this counts
// how often that happens, with a plain k and with the secret threshold.
func TestInsiders(t *testing.T) {
	const quartiers, colluders = 200, 4
	var groups, hidden int // hexagons, and the voices in them
	var plain, secret, plainVoices, secretVoices [colluders + 1]int
	for seed := range uint64(quartiers) {
		r := Request{Resolution: Fine, Cells: disk(Fine, 4), Threshold: MinThreshold, Key: keyOf(seed), Voices: quartierVoices(seed, 1)}
		units := mergePattern(r.Cells, r.Resolution, nil)
		for i, counts := range must(countVoices(units, r.Voices)) {
			for f, felt := range felts {
				others := counts[f]
				if others == 0 || others >= MinThreshold {
					continue
				}
				groups, hidden = groups+1, hidden+others
				threshold := r.Key.threshold(r.Threshold, hexagonSubject(units[i].cell, felt))
				for m := 1; m <= colluders; m++ {
					if !classOf(others+m, MinThreshold, MinThreshold).Absent() {
						plain[m], plainVoices[m] = plain[m]+1, plainVoices[m]+others
					}
					if !classOf(others+m, MinThreshold, threshold).Absent() {
						secret[m], secretVoices[m] = secret[m]+1, secretVoices[m]+others
					}
				}
			}
		}
	}
	percent := func(n int) float64 { return 100 * float64(n) / float64(groups) }
	voices := func(n int) float64 { return 100 * float64(n) / float64(hidden) }
	t.Logf("%d groups of 1 to 4 others, %d hidden voices; m insiders mark their hexagon and it appears:", groups, hidden)
	for m := 1; m <= colluders; m++ {
		t.Logf("m = %d: %5.1f %% of groups (%5.1f %% of voices) with a plain k, %5.1f %% (%5.1f %%) with the secret threshold",
			m, percent(plain[m]), voices(plainVoices[m]), percent(secret[m]), voices(secretVoices[m]))
		if secret[m] >= plain[m] {
			t.Errorf("the jitter does not help against %d insiders", m)
		}
	}
	if plain[colluders] != groups {
		t.Errorf("four insiders see %d of %d with a plain k, want all", plain[colluders], groups)
	}
	if voices(secretVoices[1]) > 10 || voices(secretVoices[colluders]) > 80 {
		t.Errorf("with jitter one insider reaches %.1f %% of hidden voices, four %.1f %%", voices(secretVoices[1]), voices(secretVoices[colluders]))
	}
}

// For others evenly spread over 1 to 4 the shares are exact: 25, 50, 75 and
// 100 % with a plain k, 1/12, 1/4, 1/2 and 3/4 with thresholds k, k+1, k+2.
func TestInsidersWhenOthersAreEven(t *testing.T) {
	for m, want := range []struct{ plain, secret int }{1: {3, 1}, 2: {6, 3}, 3: {9, 6}, 4: {12, 9}} {
		plain, secret := 0, 0
		for others := 1; others <= 4 && m > 0; others++ {
			for jitter := range jitterValues {
				if !classOf(others+m, 5, 5).Absent() {
					plain++
				}
				if !classOf(others+m, 5, 5+jitter).Absent() {
					secret++
				}
			}
		}
		if plain != want.plain || secret != want.secret {
			t.Errorf("%d insiders: %d and %d of 12, want %d and %d", m, plain, secret, want.plain, want.secret)
		}
	}
}

// BenchmarkBuild is one edition of three ateliers of twenty.
func BenchmarkBuild(b *testing.B) {
	r := request(b, func(r *Request) {
		r.Claim, r.Resolution, r.Cells = claim(evenings(0, 3)), Fine, disk(Fine, 4)
		r.Voices = quartierVoices(1, 3)
	})
	for b.Loop() {
		build(b, r)
	}
}
