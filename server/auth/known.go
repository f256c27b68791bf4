package auth

import (
	"crypto/sha256"
	"sync"
	"time"

	"github.com/google/uuid"
)

// knownLife is how long an answer of the database is believed: a map asks for
// dozens of tiles at once, and none of them should wait for it. What is revoked
// on another node is refused here within this time, and at once on this one.
const knownLife = 4 * time.Second

// knownLimit bounds the memory; it is more people than a city employs.
const knownLimit = 10_000

// known remembers for a few seconds whose tokens and sessions these are, by
// their digest. What is not known is never remembered.
type known struct {
	mu      sync.Mutex
	entries map[[sha256.Size]byte]entry
	// forgotten counts revocations: what was asked before one is not kept
	// after it.
	forgotten uint64
}

type entry struct {
	principal Principal
	demo      bool
	until     time.Time
}

func newKnown() *known { return &known{entries: map[[sha256.Size]byte]entry{}} }

// find gives what is remembered of a digest.
func (k *known) find(digest [sha256.Size]byte) (e entry, ok bool) {
	k.mu.Lock()
	e, ok = k.entries[digest]
	k.mu.Unlock()
	return e, ok && time.Now().Before(e.until)
}

// learn asks the database and remembers what it says.
func (k *known) learn(digest [sha256.Size]byte, ask func() (entry, error)) (entry, error) {
	asked := time.Now()
	k.mu.Lock()
	forgotten := k.forgotten
	k.mu.Unlock()
	e, err := ask()
	if err != nil || e.principal.Role == "" {
		return e, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.forgotten == forgotten {
		if len(k.entries) >= knownLimit {
			clear(k.entries)
		}
		e.until = asked.Add(knownLife)
		k.entries[digest] = e
	}
	return e, nil
}

// forget drops what is known of an account; uuid.Nil drops everything.
func (k *known) forget(compte uuid.UUID) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.forgotten++
	for digest, e := range k.entries {
		if compte == uuid.Nil || e.principal.Compte == compte {
			delete(k.entries, digest)
		}
	}
}
