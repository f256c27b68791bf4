package hexcube

// tally is what was counted in one hexagon on the shelves of one felt.
type tally struct {
	reports int
	alone   int     // voices known to be distinct from all others
	voices  *people // the other voices; nil when voices are not asked for

	// Columns of the shelf; speaksColumn may be none.
	speaksColumn, repeatsColumn int
	// asNeighbours says that all rows are of one neighbourhood on one shelf.
	asNeighbours bool
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
	repeats := s.bitmaps[t.repeatsColumn][word]
	t.alone += popcount(matched & s.bitmaps[named][word] &^ repeats)
	matched &= repeats
	if matched != 0 && t.asNeighbours {
		matched = t.voices.locals.addRows(&s.neighbours, word, s.bitmaps[repeats7][word], matched)
	}
	if matched != 0 {
		t.voices.addRows(s.contributor[word*wordBits:], matched)
	}
}

func (t *tally) result(felt Felt, count *Count) {
	voices := t.alone
	if t.voices != nil {
		voices += t.voices.count()
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
