package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"quietude/server/atelier"
)

// AddOrganisationLink keeps a link by the digest of its secret.
func (s *Store) AddOrganisationLink(ctx context.Context, l atelier.OrganisationLink, digest []byte) error {
	_, err := s.pool.Exec(ctx, statement("organisation_link_insert"), pgx.StrictNamedArgs{"territoire": l.Territoire, "id": l.ID,
		"organisation": l.Organisation, "digest": digest, "reminder": l.Reminder, "created_by": l.CreatedBy, "expires_at": l.ExpiresAt})
	return translate(err)
}

// OrganisationLinks lists the links of an organisation, newest first.
func (s *Store) OrganisationLinks(ctx context.Context, territoire string, organisation uuid.UUID) ([]atelier.OrganisationLink, error) {
	return many[atelier.OrganisationLink](ctx, s.pool, "organisation_links", pgx.StrictNamedArgs{"territoire": territoire, "organisation": organisation})
}

// OrganisationLink finds a link that works, and notes that it was used.
func (s *Store) OrganisationLink(ctx context.Context, digest []byte) (atelier.OrganisationLink, error) {
	return one[atelier.OrganisationLink](ctx, s.pool, "organisation_link_use", pgx.StrictNamedArgs{"digest": digest})
}

// RevokeOrganisationLink ends a link; of all of them, uuid.Nil.
func (s *Store) RevokeOrganisationLink(ctx context.Context, territoire string, organisation, id uuid.UUID) error {
	tag, err := s.pool.Exec(ctx, statement("organisation_link_revoke"), pgx.StrictNamedArgs{"territoire": territoire,
		"organisation": organisation, "id": nullUUID(id)})
	if err == nil && tag.RowsAffected() == 0 && id != uuid.Nil {
		err = errNoRow
	}
	return translate(err)
}

// Notice is an e-mail that leaves once.
type Notice struct {
	Territoire string
	Kind       string // reminder, ask, confirm
	Objet      uuid.UUID
	Recipient  uuid.UUID
	Cause      string
}

func (n Notice) args() pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{"territoire": n.Territoire, "kind": n.Kind, "objet": n.Objet, "recipient": n.Recipient, "cause": n.Cause}
}

// ClaimNotice takes a notice for this node; false when it has left, or another
// node has it.
func (s *Store) ClaimNotice(ctx context.Context, n Notice) (bool, error) {
	tag, err := s.pool.Exec(ctx, statement("notice_claim"), n.args())
	return tag.RowsAffected() == 1, translate(err)
}

// NoticeSent says that a claimed notice has left.
func (s *Store) NoticeSent(ctx context.Context, n Notice) error {
	_, err := s.pool.Exec(ctx, statement("notice_sent"), n.args())
	return translate(err)
}

// ReleaseNotice gives a claimed notice back: it has not left.
func (s *Store) ReleaseNotice(ctx context.Context, n Notice) error {
	_, err := s.pool.Exec(ctx, statement("notice_release"), n.args())
	return translate(err)
}

// Owed is an action that is not settled and has an échéance, with where its
// pilote is reached.
type Owed struct {
	Action       uuid.UUID
	Titre        string // filled by the caller, as it may be shown
	Quartier     string
	Echeance     time.Time
	State        atelier.ActionState
	Organisation uuid.UUID
	Nom          string
	Email        string
}

// Owed lists the actions due until a day whose pilote has an address.
func (s *Store) Owed(ctx context.Context, territoire string, until time.Time) ([]Owed, error) {
	return many[Owed](ctx, s.pool, "actions_owed", pgx.StrictNamedArgs{"territoire": territoire, "until": until,
		"settled": statesThat(atelier.ActionState.Settled)})
}
