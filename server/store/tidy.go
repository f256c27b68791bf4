package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"quietude/server/fault"
)

// Tidy deletes rows that only mattered for a moment: buckets that are full
// again, the presence of nodes that have gone, sessions that have ended, codes of
// second devices and links that nobody can use any more, which e-mails have left
// long ago, and identifiers of what was erased. Call it now and then.
func (s *Store) Tidy(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "Tidy")
	for _, name := range []string{"bucket_forget", "presence_forget", "participant_link_forget", "effacement_forget", "session_forget", "invitation_forget", "oidc_attempt_forget",
		"organisation_link_forget", "notice_forget"} {
		if _, err := s.pool.Exec(ctx, statement(name), pgx.StrictNamedArgs{}); err != nil {
			return translate(err)
		}
	}
	return nil
}
