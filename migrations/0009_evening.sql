-- +goose Up

-- The evening around the map: what tables say (remark), what the animateur
-- makes of it (finding), how residents weigh it (vote), and what the
-- authorities answer (action).

create table organisation (
    territoire  text not null references territoire,
    id          uuid not null,
    nom         text not null check (char_length(nom) between 1 and 160),
    kind        text not null check (kind in ('ville', 'police_nationale', 'police_municipale', 'parquet', 'bailleur', 'mediation', 'association', 'autre')),
    archived    boolean not null default false,
    demo        boolean not null default false,
    created_at  timestamptz not null default clock_timestamp(),
    primary key (territoire, id),
    unique (territoire, nom)
);
comment on table organisation is 'Who may pilot an action or take part in one: a service of the city, a bailleur, a police. Never a person.';
comment on column organisation.kind is 'ville: a service of the city; mediation: correspondants de nuit and mediators; autre: any other institution.';
comment on column organisation.archived is 'No longer proposed; past actions keep it.';

create table remark (
    territoire  text not null,
    atelier     uuid not null,
    id          uuid not null,
    participant uuid,
    numero      smallint not null,
    question    text not null check (question in ('troubles', 'causes', 'solutions', 'residents')),
    texte       text not null check (char_length(texte) between 1 and 200),
    theme       text check (theme in ('BRU', 'OCC', 'STU', 'DEG', 'CIR', 'PRO', 'AMB', 'VIO', 'VOL', 'VOI')),
    geom        geometry(Geometry, 4326) check (geometrytype(geom) in ('POINT', 'POLYGON')),
    marker      uuid,
    deleted     boolean not null default false,
    hidden      boolean not null default false,
    added_seq   bigint not null,
    seq         bigint not null,
    updated_at  timestamptz not null default clock_timestamp(),
    primary key (territoire, atelier, id),
    foreign key (territoire, atelier) references atelier (territoire, id) on delete cascade,
    foreign key (territoire, atelier, participant) references participant (territoire, atelier, id) on delete cascade,
    foreign key (territoire, atelier, numero) references atelier_table (territoire, atelier, numero) on delete cascade
);
create index remark_participant on remark (territoire, atelier, participant) where not deleted;
comment on table remark is 'What a table answers to one of the four questions of the diagnostic: the state that the log of the atelier leads to.';
comment on column remark.participant is 'Pseudonym of the author; null when the animateur typed it for a table that writes on paper.';
comment on column remark.numero is 'The table.';
comment on column remark.question is 'troubles: nature of the troubles lived and felt; causes: their origins; solutions: what could be done; residents: the part residents can take.';
comment on column remark.texte is 'Free text; seen by the own table and by the animateur, never public.';
comment on column remark.geom is 'Place it speaks of, degrees; null when none.';
comment on column remark.marker is 'Marker of the same room that it speaks of; not a foreign key, since the marker may still be on its way.';
comment on column remark.added_seq is 'Operation that added it.';
comment on column remark.seq is 'Last operation of any kind.';

create table finding (
    territoire  text not null,
    id          uuid not null,
    atelier     uuid not null,
    quartier    text not null,
    rang        integer not null check (rang > 0),
    titre       text not null check (char_length(titre) between 1 and 160),
    detail      text not null default '' check (char_length(detail) <= 1000),
    themes      text[] not null default '{}',
    tables      smallint[] not null default '{}',
    geom        geometry(Geometry, 4326) check (geometrytype(geom) in ('POINT', 'POLYGON')),
    withdrawn   boolean not null default false,
    version     integer not null default 1 check (version > 0),
    created_at  timestamptz not null default clock_timestamp(),
    updated_at  timestamptz not null default clock_timestamp(),
    primary key (territoire, id),
    foreign key (territoire, atelier) references atelier (territoire, id) on delete cascade,
    foreign key (territoire, quartier) references quartier (territoire, code)
);
create index finding_atelier on finding (territoire, atelier, rang, id);
create index finding_quartier on finding (territoire, quartier);
create index finding_geom on finding using gist (geom);
comment on table finding is 'Constat: what an atelier says, in the words of its animateur, merged from the remarks of the tables.';
comment on column finding.rang is 'Order in which findings are shown and answered.';
comment on column finding.tables is 'Tables it comes from, in order.';
comment on column finding.geom is 'Place it speaks of, degrees; null when none.';
comment on column finding.withdrawn is 'Taken back by the animateur: no longer shown and needs no answer; kept for the record.';
comment on column finding.version is 'Counts its changes: a change that has not seen the last one is refused.';

create table finding_remark (
    territoire  text not null,
    finding     uuid not null,
    atelier     uuid not null,
    remark      uuid not null,
    primary key (territoire, finding, remark),
    foreign key (territoire, finding) references finding (territoire, id) on delete cascade,
    foreign key (territoire, atelier, remark) references remark (territoire, atelier, id) on delete cascade
);
create index finding_remark_remark on finding_remark (territoire, atelier, remark);
comment on table finding_remark is 'Remarks that a finding was merged from.';

create table finding_marker (
    territoire  text not null,
    finding     uuid not null,
    atelier     uuid not null,
    marker      uuid not null,
    primary key (territoire, finding, marker),
    foreign key (territoire, finding) references finding (territoire, id) on delete cascade,
    foreign key (territoire, atelier, marker) references marker (territoire, atelier, id) on delete cascade
);
create index finding_marker_marker on finding_marker (territoire, atelier, marker);
comment on table finding_marker is 'Markers that a finding speaks of.';

create table vote (
    territoire  text not null,
    atelier     uuid not null,
    finding     uuid not null,
    participant uuid not null,
    dots        smallint not null check (dots between 0 and 5),
    seq         bigint not null,
    primary key (territoire, atelier, finding, participant),
    foreign key (territoire, finding) references finding (territoire, id) on delete cascade,
    foreign key (territoire, atelier, participant) references participant (territoire, atelier, id) on delete cascade
);
create index vote_participant on vote (territoire, atelier, participant);
comment on table vote is 'Dots that a resident gives to a finding; all dots of one resident in an atelier are at most 5.';
comment on column vote.dots is '0 when taken back.';
comment on column vote.seq is 'Operation of the log that said so last.';

create table action (
    territoire  text not null,
    id          uuid not null,
    quartier    text not null,
    atelier     uuid,
    code        text not null check (code in ('PAT', 'JUD', 'MED', 'TEC', 'AME', 'VID', 'BAI', 'PRE', 'VIC', 'INF', 'REN')),
    titre       text not null check (char_length(titre) between 1 and 160),
    detail      text not null default '' check (char_length(detail) <= 1000),
    state       text not null check (state in ('proposed', 'retained', 'studied', 'planned', 'ongoing', 'done', 'verified', 'refused', 'forwarded', 'abandoned')),
    reason      text not null default '' check (char_length(reason) <= 500),
    pilote      uuid,
    echeance    date,
    done_on     date,
    geom        geometry(Geometry, 4326) check (geometrytype(geom) in ('POINT', 'POLYGON')),
    proof       text not null default '' check (char_length(proof) <= 500),
    proof_url   text not null default '' check (char_length(proof_url) <= 500),
    version     integer not null default 1 check (version > 0),
    demo        boolean not null default false,
    created_at  timestamptz not null default clock_timestamp(),
    updated_at  timestamptz not null default clock_timestamp(),
    primary key (territoire, id),
    foreign key (territoire, quartier) references quartier (territoire, code),
    foreign key (territoire, atelier) references atelier (territoire, id) on delete cascade,
    foreign key (territoire, pilote) references organisation (territoire, id),
    check ((state in ('done', 'verified')) = (done_on is not null))
);
create index action_quartier on action (territoire, quartier, state);
create index action_atelier on action (territoire, atelier);
create index action_pilote on action (territoire, pilote);
create index action_geom on action using gist (geom);
comment on table action is 'What an authority answers: an action, a refusal with its reason, a transmission, or « déjà fait ».';
comment on column action.code is 'PAT présence et patrouilles, JUD contrôle et enquête, MED médiation, TEC services techniques, AME aménagement, VID vidéoprotection, BAI bailleur, PRE prévention, VIC aide aux victimes, INF information, REN renvoi motivé.';
comment on column action.atelier is 'Atelier that it answers first; null for an action of the quartier alone.';
comment on column action.state is 'Where the last action_event has led. « En retard » is not stored: it is an action that is not settled after its échéance.';
comment on column action.reason is 'Reason given with the last change of state: of a refusal, a transmission, an abandonment, a reopening.';
comment on column action.pilote is 'Organisation that carries it; after a transmission, the one it was transmitted to.';
comment on column action.done_on is 'Day it was done, in the time zone of the territoire; for before and after.';
comment on column action.geom is 'Zone it treats, degrees; null when it is the place of its markers and findings, or the whole quartier.';
comment on column action.proof is 'What shows that it was done.';
comment on column action.version is 'Counts its changes, of state included.';

create table action_partner (
    territoire  text not null,
    action      uuid not null,
    organisation uuid not null,
    primary key (territoire, action, organisation),
    foreign key (territoire, action) references action (territoire, id) on delete cascade,
    foreign key (territoire, organisation) references organisation (territoire, id)
);
comment on table action_partner is 'Organisations that take part in an action beside its pilote.';

create table action_finding (
    territoire  text not null,
    action      uuid not null,
    finding     uuid not null,
    primary key (territoire, action, finding),
    foreign key (territoire, action) references action (territoire, id) on delete cascade,
    foreign key (territoire, finding) references finding (territoire, id) on delete cascade
);
create index action_finding_finding on action_finding (territoire, finding);
comment on table action_finding is 'Findings that an action answers.';

create table action_marker (
    territoire  text not null,
    action      uuid not null,
    atelier     uuid not null,
    marker      uuid not null,
    primary key (territoire, action, marker),
    foreign key (territoire, action) references action (territoire, id) on delete cascade,
    foreign key (territoire, atelier, marker) references marker (territoire, atelier, id) on delete cascade
);
create index action_marker_marker on action_marker (territoire, atelier, marker);
comment on table action_marker is 'Markers that an action answers.';

create table action_event (
    territoire  text not null,
    action      uuid not null,
    seq         integer not null check (seq > 0),
    id          uuid not null,
    from_state  text,
    state       text not null,
    reason      text not null default '',
    pilote      uuid,
    proof       text not null default '',
    proof_url   text not null default '',
    role        text not null,
    at          timestamptz not null default clock_timestamp(),
    primary key (territoire, action, seq),
    unique (territoire, action, id),
    foreign key (territoire, action) references action (territoire, id) on delete cascade
);
comment on table action_event is 'History of an action: each change of state, append-only, numbered without gaps from 1.';
comment on column action_event.id is 'UUID made by the client: the same one again changes nothing.';
comment on column action_event.from_state is 'Null for the first one.';
comment on column action_event.role is 'Role of who changed it; never a name.';

create table atelier_answers (
    territoire  text not null,
    atelier     uuid not null,
    texte       text not null,
    hash        text not null,
    at          timestamptz not null default clock_timestamp(),
    primary key (territoire, atelier),
    foreign key (territoire, atelier) references atelier (territoire, id) on delete cascade
);
comment on table atelier_answers is 'Findings and answers as they stood at the freeze: the compte rendu of the evening is written from them.';
comment on column atelier_answers.texte is 'Canonical JSON, one line (docs/protocol.md).';
comment on column atelier_answers.hash is 'SHA-256, hexadecimal, of texte in UTF-8.';

create table atelier_institution (
    territoire  text not null,
    atelier     uuid not null,
    institution text not null check (institution in ('elus', 'police_nationale', 'police_municipale', 'parquet', 'bailleurs', 'correspondants_nuit', 'agents', 'autres')),
    expected    smallint not null default 0 check (expected between 0 and 100),
    present     smallint check (present between 0 and 100),
    primary key (territoire, atelier, institution),
    foreign key (territoire, atelier) references atelier (territoire, id) on delete cascade
);
comment on table atelier_institution is 'Who comes to an atelier, by institution and number; never a name.';
comment on column atelier_institution.present is 'Counted on the evening; null before.';

-- How people can be reached. Only the statements contact_*.sql enter this
-- schema, for the animateur who invites; no statement joins it with a place.
create schema contact;
revoke all on schema contact from public;
comment on schema contact is 'How reporters who agreed to it can be reached. Never joined with a position; the public''s role may not enter.';

create table contact.reporter (
    territoire  text not null references territoire,
    id          uuid not null,
    signalement uuid not null,
    nom         text not null default '' check (char_length(nom) <= 120),
    email       text not null default '' check (char_length(email) <= 254),
    adresse     text not null default '' check (char_length(adresse) <= 300),
    agreed_at   timestamptz not null default clock_timestamp(),
    primary key (territoire, id),
    unique (territoire, signalement),
    foreign key (territoire, signalement) references signalement (territoire, id) on delete cascade,
    check (email <> '' or adresse <> '')
);
create index reporter_agreed_at on contact.reporter (territoire, agreed_at);
comment on table contact.reporter is 'A reporter who agreed to be invited to an atelier; deleted with the signalement and after its retention.';
comment on column contact.reporter.agreed_at is 'When the person agreed; retention counts from here.';

create table contact.invitation (
    territoire  text not null,
    atelier     uuid not null,
    id          uuid not null,
    reporter    uuid not null,
    code        text not null,
    channel     text not null check (channel in ('email', 'letter')),
    created_at  timestamptz not null default clock_timestamp(),
    sent_at     timestamptz,
    answer      text check (answer in ('yes', 'no')),
    answered_at timestamptz,
    primary key (territoire, atelier, id),
    unique (territoire, atelier, reporter),
    unique (territoire, code),
    foreign key (territoire, atelier) references atelier (territoire, id) on delete cascade,
    foreign key (territoire, reporter) references contact.reporter (territoire, id) on delete cascade,
    check ((answer is null) = (answered_at is null))
);
create index invitation_code on contact.invitation (code);
create index invitation_reporter on contact.invitation (territoire, reporter);
comment on table contact.invitation is 'An invitation to an atelier and its answer.';
comment on column contact.invitation.code is 'In the link of the letter or the e-mail: lets its holder answer, and nothing else.';
comment on column contact.invitation.sent_at is 'When the e-mail left, or the letter was printed; null before.';

alter table operation drop constraint operation_kind_check;
alter table operation add constraint operation_kind_check check (kind in (
    'add', 'move', 'reshape', 'edit', 'delete', 'restore', 'hide', 'unhide', 'step', 'table_open', 'table_close', 'share', 'freeze',
    'remark_add', 'remark_edit', 'remark_delete', 'remark_restore', 'remark_hide', 'remark_unhide', 'vote', 'findings', 'erase', 'forgotten'));

-- +goose Down
alter table operation drop constraint operation_kind_check;
alter table operation add constraint operation_kind_check check (kind in (
    'add', 'move', 'reshape', 'edit', 'delete', 'restore', 'hide', 'unhide', 'step', 'table_open', 'table_close', 'share', 'freeze', 'erase', 'forgotten'));
drop schema contact cascade;
drop table atelier_institution, atelier_answers, action_event, action_marker, action_finding, action_partner, action, vote, finding_marker, finding_remark,
    finding, remark, organisation;
