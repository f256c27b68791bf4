package hexmap

import "time"

// SetIdle shortens how long a territoire that nobody asks for stays in memory.
func (m *Maps) SetIdle(d time.Duration) { m.idle = d }

// SetOthersLife changes how long another node's write may go unseen.
func (m *Maps) SetOthersLife(d time.Duration) { m.othersLife = d }

// SetViewAge changes the age at which a view is followed up.
func (m *Maps) SetViewAge(d time.Duration) { m.viewAge = d }

// SetAuditLife changes how long rows deleted outright may go unseen.
func (m *Maps) SetAuditLife(d time.Duration) { m.auditLife = d }

// Held tells which territoires are in memory.
func (m *Maps) Held() (codes []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for code := range m.cities {
		codes = append(codes, code)
	}
	return codes
}
