-- +goose Up

-- What became of what an atelier said, for everybody: « ce que vous avez dit,
-- ce que nous avons fait ». Beside it, how the organisations that pilot actions
-- are reached and let in.
create table publication.suivi (
    territoire  text not null,
    id          uuid not null,
    quartier    text not null,
    said        text not null,
    titre       text not null,
    answer      text not null,
    code        text not null,
    state       text not null,
    pilote      text not null,
    echeance    date,
    done_on     date,
    atelier_on  date,
    changed_on  date not null,
    demo        boolean not null,
    primary key (territoire, id)
);
create index suivi_quartier on publication.suivi (territoire, quartier, changed_on desc, id);
comment on table publication.suivi is 'Actions as everybody may follow them: texts that were decided about one by one, and the state, the pilote and the days of the ledger.';
comment on column publication.suivi.id is 'Drawn for the publication; says nothing about the action.';
comment on column publication.suivi.said is 'What residents said, as it was decided to be shown.';
comment on column publication.suivi.titre is 'The action in one sentence, as it was decided to be shown.';
comment on column publication.suivi.answer is 'What was done, or why not, as it was decided to be shown; may be empty.';
comment on column publication.suivi.pilote is 'Name of the organisation; empty when none is named.';
comment on column publication.suivi.atelier_on is 'Civil day of the atelier that it answers; null for an action of the quartier.';
comment on column publication.suivi.changed_on is 'Civil day of the last entry of its history.';

create table suivi_decision (
    territoire  text not null,
    action      uuid not null,
    id          uuid not null,
    shown       boolean not null,
    said        text not null default '' check (char_length(said) <= 500),
    titre       text not null default '' check (char_length(titre) <= 160),
    answer      text not null default '' check (char_length(answer) <= 500),
    digest      bytea not null,
    role        text not null,
    auteur      text not null default '',
    at          timestamptz not null default clock_timestamp(),
    primary key (territoire, id),
    foreign key (territoire, action) references action (territoire, id) on delete cascade,
    check (shown = (titre <> ''))
);
create index suivi_decision_action on suivi_decision (territoire, action, at desc, id desc);
comment on table suivi_decision is 'Decisions about what the public reads of an action: append-only, the newest one holds.';
comment on column suivi_decision.id is 'UUID made by the client, so that deciding twice decides once.';
comment on column suivi_decision.shown is 'False takes the action out of what is public.';
comment on column suivi_decision.digest is 'SHA-256 of the texts of the ledger that were read: texts changed since are to be read again.';
comment on column suivi_decision.auteur is 'Account of who decided.';

alter table organisation add column email text not null default '' check (char_length(email) <= 254);
comment on column organisation.email is 'Where reminders go: the address of a service, not of a person; empty for none.';

create table organisation_link (
    territoire   text not null,
    id           uuid not null,
    organisation uuid not null,
    digest       bytea not null,
    reminder     boolean not null default false,
    created_at   timestamptz not null default clock_timestamp(),
    created_by   text not null default '',
    expires_at   timestamptz not null,
    revoked_at   timestamptz,
    used_at      timestamptz,
    primary key (territoire, id),
    foreign key (territoire, organisation) references organisation (territoire, id) on delete cascade
);
create unique index organisation_link_digest on organisation_link (digest);
create index organisation_link_organisation on organisation_link (territoire, organisation, created_at desc);
comment on table organisation_link is 'Links by which an organisation opens the actions that it pilots, and nothing else; only the SHA-256 of the secret is stored.';
comment on column organisation_link.reminder is 'Made for a reminder by e-mail instead of by a person.';
comment on column organisation_link.created_by is 'Account of who made it; empty for a reminder.';
comment on column organisation_link.used_at is 'Last time that it opened anything, to the hour.';

create table notice (
    territoire  text not null references territoire,
    kind        text not null check (kind in ('reminder', 'ask', 'confirm')),
    objet       uuid not null,
    recipient   uuid not null,
    cause       text not null,
    claimed_at  timestamptz not null default clock_timestamp(),
    sent_at     timestamptz,
    primary key (territoire, kind, objet, recipient, cause)
);
create index notice_recipient on notice (territoire, recipient);
comment on table notice is 'E-mails that have left or are leaving, each once: a node claims one before it sends it.';
comment on column notice.kind is 'reminder: an action to its pilote; ask: a done action to a resident who follows; confirm: an address that was given.';
comment on column notice.objet is 'The action; for confirm, the recipient again.';
comment on column notice.recipient is 'Organisation, or resident who follows.';
comment on column notice.cause is 'What the notice is about: a new échéance or a new day of completion is told anew.';
comment on column notice.sent_at is 'Null while a node sends it; claimed for longer, that node has died and another one may.';

-- +goose Down
drop table notice, organisation_link;
alter table organisation drop column email;
drop table suivi_decision, publication.suivi;
