package edition

import (
	"errors"
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

func reasonOf(err error) Reason {
	var refusal *Refusal
	if errors.As(err, &refusal) {
		return refusal.Reason
	}
	return ""
}

func TestLedgerCountsEachVoiceOnce(t *testing.T) {
	period := func(from, to Day) Source { return Source{From: from, To: to} }
	spent := []Source{evenings(0, 2), period("2025-01-01", "2025-02-01")} // ateliers on 1 and 2 March
	ledger := must(NewLedger("73065", "HC", spent))
	for _, c := range []struct {
		name   string
		source Source
		want   Reason
	}{
		{"the next three ateliers", evenings(2, 3), ""},
		{"the month after", period("2025-02-01", "2025-03-01"), ""},
		{"cumulative: an atelier again, with others", evenings(1, 3), AlreadyCounted},
		{"the same again", evenings(0, 2), AlreadyCounted},
		{"sliding: half a month again", period("2025-01-15", "2025-02-15"), AlreadyCounted},
		{"cumulative period", period("2024-12-01", "2025-03-01"), AlreadyCounted},
		{"cut finer", period("2025-01-10", "2025-01-11"), AlreadyCounted},
		{"a period over counted ateliers", period("2025-03-01", "2025-04-01"), AlreadyCounted},
		{"an atelier held in a counted period", Source{Ateliers: []Evening{{"x", "2025-01-31"}}}, AlreadyCounted},
		{"an atelier on the day after a counted period", Source{Ateliers: []Evening{{"x", "2025-02-01"}}}, ""},
		{"nothing", Source{}, InvalidSource},
		{"ateliers and a period", Source{Ateliers: evenings(2, 1).Ateliers, From: "2025-04-01", To: "2025-05-01"}, InvalidSource},
		{"an atelier twice", Source{Ateliers: []Evening{{"x", "2025-05-01"}, {"x", "2025-05-01"}}}, InvalidSource},
		{"an empty period", period("2025-05-01", "2025-05-01"), InvalidSource},
		{"a period backwards", period("2025-06-01", "2025-05-01"), InvalidSource},
		{"half a period", period("2025-06-01", ""), InvalidSource},
		{"30 February", period("2025-02-30", "2025-05-01"), InvalidDay},
		{"not over", period("2025-12-01", "2026-01-01"), NotClosed},
		{"to come", Source{Ateliers: []Evening{{"x", "2026-01-01"}}}, NotClosed},
	} {
		claimed, err := ledger.Claim(c.source, "2025-12-31")
		if got := reasonOf(err); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if err == nil && claimed.Numero() != 3 {
			t.Errorf("%s is number %d", c.name, claimed.Numero())
		}
	}
	if _, err := NewLedger("73065", "HC", []Source{evenings(0, 2), evenings(1, 1)}); reasonOf(err) != AlreadyCounted {
		t.Errorf("a past that counts an atelier twice: %v", err)
	}
	for _, codes := range [][2]string{{"7306", "HC"}, {"73065", ""}, {"73065", "h c"}, {"73065\n", "HC"}} {
		if _, err := NewLedger(codes[0], codes[1], nil); reasonOf(err) != InvalidCode {
			t.Errorf("codes %q: %v", codes, err)
		}
	}
}

// A model of voices as (day, atelier or none): whatever the order of claims,
// no voice is counted by two editions.
func TestNoVoiceInTwoEditions(t *testing.T) {
	const days = 12
	day := func(i int) Day { return Day(fmt.Sprintf("2025-01-%02d", i+1)) }
	rapid.Check(t, func(t *rapid.T) {
		held := rapid.SliceOfN(rapid.IntRange(0, days-1), 1, 6).Draw(t, "atelier days")
		countedBy := map[string]int{} // "day 3" and "atelier 2"
		var spent []Source
		for range rapid.IntRange(1, 12).Draw(t, "attempts") {
			var s Source
			var voices []string
			if rapid.Bool().Draw(t, "period") {
				from := rapid.IntRange(0, days-1).Draw(t, "from")
				to := rapid.IntRange(from+1, days).Draw(t, "to")
				s = Source{From: day(from), To: day(to)}
				for d := from; d < to; d++ {
					voices = append(voices, fmt.Sprint("day ", d))
				}
				for i, d := range held {
					if from <= d && d < to {
						voices = append(voices, fmt.Sprint("atelier ", i))
					}
				}
			} else {
				for _, i := range rapid.SliceOfNDistinct(rapid.IntRange(0, len(held)-1), 1, len(held), rapid.ID[int]).Draw(t, "ateliers") {
					s.Ateliers = append(s.Ateliers, Evening{fmt.Sprint(i), day(held[i])})
					voices = append(voices, fmt.Sprint("atelier ", i))
				}
			}
			claimed, err := must(NewLedger("73065", "HC", spent)).Claim(s, "2025-12-31")
			twice := false
			for _, v := range voices {
				twice = twice || countedBy[v] > 0
			}
			if twice != (reasonOf(err) == AlreadyCounted) {
				t.Fatalf("after %v, %v: %v, counted already: %v", spent, s, err, twice)
			}
			if err != nil {
				continue
			}
			spent = append(spent, s)
			if claimed.Numero() != len(spent) {
				t.Fatalf("number %d of edition %d", claimed.Numero(), len(spent))
			}
			for _, v := range voices {
				countedBy[v]++
			}
		}
	})
}
