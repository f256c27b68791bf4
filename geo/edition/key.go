package edition

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
)

// MinKeyBytes is the shortest key of an edition.
const MinKeyBytes = 32

// jitterValues is how many thresholds there are: k, k+1 and k+2.
const jitterValues = 3

// Key hides the exact threshold of every published number of one edition.
// Another edition has another key, drawn at random. Who holds it can undo the
// jitter, so it is destroyed once the edition is stored.
type Key struct{ secret []byte }

// NewKey copies secret; fewer than MinKeyBytes are refused as KeyTooShort.
func NewKey(secret []byte) (Key, error) {
	if len(secret) < MinKeyBytes {
		return Key{}, &Refusal{Reason: KeyTooShort, Limit: MinKeyBytes}
	}
	return Key{slices.Clone(secret)}, nil
}

// Format keeps the secret out of every log, whatever the verb.
func (k Key) Format(state fmt.State, _ rune) { _, _ = state.Write([]byte("edition.Key(hidden)")) }

// threshold is k, k+1 or k+2 for a subject such as "hexagon 891f…  unsafe".
// The same edition always meets the same threshold: noise drawn anew for each
// answer would be averaged away. Felts have thresholds of their own, since
// what four people learn of one should not help them with the other.
func (k Key) threshold(least int, subject string) int {
	mac := hmac.New(sha256.New, k.secret)
	mac.Write([]byte("quietude edition threshold\x00" + subject))
	// 2⁶⁴ mod 3 = 1: the bias is 2⁻⁶⁴.
	return least + int(binary.BigEndian.Uint64(mac.Sum(nil))%jitterValues)
}
