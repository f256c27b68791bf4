package hexcube

// tally is what was counted in one hexagon on the shelves of one felt.
type tally struct {
	reports int
	alone   int     // voices known to be distinct from all others
	voices  *people // the other voices; nil when voices are not asked for

	// Columns of the shelf, or none.
	speaksColumn, aloneColumn int
}

// add counts the rows of one word that match.
func (t *tally) add(s *shelf, word int, matched uint64) {
	if s.felt == FeltNone {
		t.reports += popcount(matched)
	} else {
		t.reports += popcount(matched & s.bitmaps[anchors][word])
	}
	if t.voices == nil {
		return
	}
	if t.speaksColumn != none {
		matched &= s.bitmaps[t.speaksColumn][word]
	}
	if t.aloneColumn != none {
		alone := s.bitmaps[t.aloneColumn][word]
		t.alone += popcount(matched & alone)
		matched &^= alone
	}
	if matched != 0 {
		t.voices.addRows(s.contributor[word*wordBits:], matched)
	}
}

func (t *tally) result(felt Felt, count *Count) {
	voices := t.alone
	if t.voices != nil {
		voices += t.voices.count
	}
	switch felt {
	case FeltNone:
		count.Signalements, count.Reporters = int32(t.reports), int32(voices)
	case Unsafe:
		count.UnsafeMarkers, count.Unsafe = int32(t.reports), int32(voices)
	case Safe:
		count.SafeMarkers, count.Safe = int32(t.reports), int32(voices)
	}
}
