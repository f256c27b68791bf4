package hexmap

import (
	"encoding/binary"
	"testing"

	"github.com/google/uuid"
)

// Numbers count from 1 in the order of arrival, stay, and are nobody else's:
// with identifiers at random and with those that count upwards.
func TestPeopleHaveOneNumberEach(t *testing.T) {
	for name, identify := range map[string]func(n int) (id uuid.UUID){
		"random": func(n int) uuid.UUID { return uuid.NewSHA1(uuid.Nil, binary.BigEndian.AppendUint64(nil, uint64(n))) },
		"low":    func(n int) (id uuid.UUID) { binary.BigEndian.PutUint64(id[8:], uint64(n)); return id },
		"high":   func(n int) (id uuid.UUID) { binary.BigEndian.PutUint64(id[:8], uint64(n)); return id },
	} {
		t.Run(name, func(t *testing.T) {
			const many = 3*peopleChunk + 17
			var p people
			for n := range many {
				if got := p.number(identify(n)); got != uint32(n+1) {
					t.Fatalf("person %d got number %d", n, got)
				}
			}
			for n := range many {
				if got := p.number(identify(n)); got != uint32(n+1) {
					t.Fatalf("person %d has number %d later", n, got)
				}
			}
			if perPerson := float64(p.bytes()) / many; perPerson > 28 {
				t.Errorf("%.1f bytes a person", perPerson)
			}
		})
	}
}
