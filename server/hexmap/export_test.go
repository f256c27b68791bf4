package hexmap

import "time"

// SetIdle shortens how long a territoire that nobody asks for stays in memory.
func (m *Maps) SetIdle(d time.Duration) { m.idle = d }

// Held tells which territoires are in memory.
func (m *Maps) Held() (codes []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for code := range m.cities {
		codes = append(codes, code)
	}
	return codes
}
