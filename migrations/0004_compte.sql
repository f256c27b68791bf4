-- +goose Up

create table compte (
    territoire    text not null references territoire,
    id            uuid not null default gen_random_uuid(),
    email         text not null check (email = lower(email) and char_length(email) between 3 and 254),
    nom           text not null check (char_length(nom) between 1 and 120),
    role          text not null check (role in ('animateur', 'analyste', 'police', 'bailleur', 'admin', 'dpo')),
    password      text,
    totp          bytea,
    totp_at       timestamptz,
    totp_step     bigint not null default 0,
    oidc_issuer   text,
    oidc_subject  text,
    demo          boolean not null default false,
    created_at    timestamptz not null default clock_timestamp(),
    signed_in_at  timestamptz,
    disabled_at   timestamptz,
    primary key (territoire, id),
    unique (territoire, email),
    unique (territoire, oidc_issuer, oidc_subject),
    check ((oidc_issuer is null) = (oidc_subject is null))
);
create index compte_email on compte (email);
create index compte_oidc on compte (oidc_subject, oidc_issuer);
comment on table compte is 'A person of the staff who may sign in. Residents have no account.';
comment on column compte.email is 'Address by which the person signs in, lower case; one account in the whole service.';
comment on column compte.password is 'argon2id, with its parameters and salt; null until a password is chosen, or for good with an external identity.';
comment on column compte.totp is 'Secret of the second factor (RFC 6238), sealed with the service''s secret; null without one.';
comment on column compte.totp_at is 'When a first code confirmed the second factor; it is asked for from then on.';
comment on column compte.totp_step is 'Last 30-second step whose code was accepted: a code works once.';
comment on column compte.oidc_subject is 'The person at the identity provider, bound at the first sign-in by e-mail.';
comment on column compte.demo is 'Invented account, accepted from the machine itself only.';
comment on column compte.disabled_at is 'Since when the person may not sign in any more.';

create table compte_secours (
    territoire  text not null,
    compte      uuid not null,
    digest      bytea not null,
    used_at     timestamptz,
    primary key (territoire, compte, digest),
    foreign key (territoire, compte) references compte (territoire, id) on delete cascade
);
comment on table compte_secours is 'Recovery codes of the second factor; each works once.';
comment on column compte_secours.digest is 'SHA-256 of the code.';

create table session (
    territoire  text not null,
    digest      text not null,
    compte      uuid not null,
    data        bytea not null,
    appareil    text not null default '' check (char_length(appareil) <= 120),
    created_at  timestamptz not null default clock_timestamp(),
    seen_at     timestamptz not null default clock_timestamp(),
    expires_at  timestamptz not null,
    primary key (territoire, digest),
    foreign key (territoire, compte) references compte (territoire, id) on delete cascade
);
create index session_digest on session (digest);
create index session_compte on session (territoire, compte);
comment on table session is 'A browser in which somebody has signed in.';
comment on column session.digest is 'SHA-256 of the cookie''s value, base64.';
comment on column session.data is 'What the session manager keeps.';
comment on column session.appareil is 'Browser and system, as the person may recognise them.';
comment on column session.seen_at is 'Last request, to the minute.';
comment on column session.expires_at is 'End by inactivity or by age, whichever is first.';

create table invitation (
    territoire  text not null references territoire,
    digest      bytea not null,
    id          uuid not null default gen_random_uuid(),
    kind        text not null check (kind in ('premier', 'compte', 'mot_de_passe')),
    compte      uuid,
    created_by  uuid,
    created_at  timestamptz not null default clock_timestamp(),
    expires_at  timestamptz not null,
    used_at     timestamptz,
    primary key (territoire, digest),
    foreign key (territoire, compte) references compte (territoire, id) on delete cascade,
    check ((kind = 'premier') = (compte is null))
);
create index invitation_digest on invitation (digest);
comment on table invitation is 'Links that work once: the first administrator, a new account, a password to choose anew.';
comment on column invitation.digest is 'SHA-256 of the link''s secret.';
comment on column invitation.compte is 'Account whose password the link sets; null for the first administrator, who does not exist yet.';

alter table staff_token
    add column id uuid not null default gen_random_uuid(),
    add column scopes text[] not null default '{tout}',
    add column created_by uuid,
    add column expires_at timestamptz,
    add column used_at timestamptz,
    add constraint staff_token_scopes check (scopes <@ '{tout,hexagones,editions,exports}' and cardinality(scopes) > 0),
    add constraint staff_token_whole check (demo or not 'tout' = any (scopes));
comment on column staff_token.scopes is 'What a machine may read; tout, all that the role may do, is for the demonstration only.';
comment on column staff_token.expires_at is 'End; null only for the demonstration.';
comment on column staff_token.used_at is 'Last use, to the hour.';

create table consultation (
    territoire  text not null references territoire,
    id          uuid not null default gen_random_uuid(),
    at          timestamptz not null default clock_timestamp(),
    compte      uuid,
    nom         text not null,
    role        text not null,
    objet       text not null,
    finalite    text not null,
    elements    integer not null check (elements >= 0),
    details     jsonb not null default '{}',
    primary key (territoire, id)
);
create index consultation_at on consultation (territoire, at desc, id desc);
comment on table consultation is 'Access log: each reading of precise points or raw texts by staff. Rows are added, never changed.';
comment on column consultation.compte is 'Who; null for a machine''s token.';
comment on column consultation.nom is 'Name at the time, or the label of the token.';
comment on column consultation.objet is 'What was read: signalements, textes, reperes.';
comment on column consultation.finalite is 'Why, chosen from a list.';
comment on column consultation.elements is 'How many objects the answer held.';
comment on column consultation.details is 'The filters that were asked for; no position and no text.';
-- Even the owner of a table needs these privileges to use them.
revoke update, delete, truncate on consultation from current_user;

-- +goose Down
drop table consultation, invitation, session, compte_secours, compte;
alter table staff_token drop constraint staff_token_whole, drop constraint staff_token_scopes,
    drop column id, drop column scopes, drop column created_by, drop column expires_at, drop column used_at;
