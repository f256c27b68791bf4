package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"quietude/server/atelier"
	"quietude/server/fault"
)

// Tidy deletes rows that only mattered for a moment: buckets that are full
// again, the presence of nodes that have gone, sessions that have ended, codes of
// second devices and links that nobody can use any more, which e-mails have left
// long ago, and identifiers of what was erased. What was counted of strangers goes to
// the log. Call it now and then.
func (s *Store) Tidy(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "Tidy")
	for _, name := range []string{"bucket_forget", "presence_forget", "participant_link_forget", "session_forget", "oidc_attempt_forget"} {
		if _, err := s.pool.Exec(ctx, statement(name), pgx.StrictNamedArgs{}); err != nil {
			return translate(err)
		}
	}
	if _, err := s.pool.Exec(ctx, statement("acces_inconnu_settle"), pgx.StrictNamedArgs{"evenement": string(atelier.SignInRefused)}); err != nil {
		return translate(err)
	}
	for name, age := range map[string]atelier.Age{"effacement_forget": atelier.ErasedAge, "invitation_forget": atelier.InvitationAge,
		"organisation_link_forget": atelier.LinkAge, "notice_forget": atelier.NoticeAge} {
		months, days := age.In(atelier.Conservation{})
		if _, err := s.pool.Exec(ctx, statement(name), pgx.StrictNamedArgs{"months": months, "days": days}); err != nil {
			return translate(err)
		}
	}
	return nil
}
