-- +goose Up

create table atelier (
    territoire     text not null references territoire,
    id             uuid not null,
    quartier       text not null,
    kind           text not null check (kind in ('atelier', 'reunion')),
    titre          text not null check (char_length(titre) between 1 and 160),
    lieu           text not null default '' check (char_length(lieu) <= 160),
    starts_at      timestamptz not null,
    closes_at      timestamptz not null check (closes_at > starts_at),
    state          text not null default 'prepared' check (state in ('prepared', 'open', 'closed')),
    step           smallint not null default 0 check (step between 0 and 7),
    step_at        timestamptz,
    step_minutes   smallint check (step_minutes between 1 and 240),
    shared         boolean not null default false,
    seq            bigint not null default 0 check (seq >= 0),
    participant_key bytea not null default decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'),
    frozen_at      timestamptz,
    frozen_hash    text,
    demo           boolean not null default false,
    created_at     timestamptz not null default now(),
    primary key (territoire, id),
    foreign key (territoire, quartier) references quartier (territoire, code),
    check ((state = 'closed') = (frozen_at is not null)),
    check ((frozen_at is null) = (frozen_hash is null))
);
create index atelier_id on atelier (id);
create index atelier_starts_at on atelier (territoire, starts_at desc, id);
comment on table atelier is 'One evening: an atelier de tranquillité publique de proximité, or a réunion spécifique.';
comment on column atelier.id is 'UUID made by the client, so that creating twice creates once.';
comment on column atelier.starts_at is 'Beginning of the evening.';
comment on column atelier.closes_at is 'Table codes stop opening the map at this time.';
comment on column atelier.state is 'prepared: no step was opened yet; open: the evening has begun; closed: frozen for ever. Tables write until it is closed, each while it is open.';
comment on column atelier.step is 'Current step of the evening, 0 (before) to 7 (follow-up).';
comment on column atelier.step_at is 'When the current step was opened.';
comment on column atelier.step_minutes is 'Planned length of the current step, minutes.';
comment on column atelier.shared is 'Tables see each other''s markers.';
comment on column atelier.seq is 'Number of the last operation in the log; the row lock on it orders the writers.';
comment on column atelier.participant_key is 'Key from which participants'' pseudonyms and tokens are derived; destroyed with the edition.';
comment on column atelier.frozen_hash is 'SHA-256, hexadecimal, of the canonical state at the freeze.';
comment on column atelier.demo is 'Fictional data.';

create table atelier_table (
    territoire  text not null,
    atelier     uuid not null,
    numero      smallint not null check (numero between 1 and 20),
    code        text not null check (code ~ '^[23456789ABCDEFGHJKMNPQRSTVWXYZ]{8}$'),
    is_open     boolean not null default true,
    primary key (territoire, atelier, numero),
    unique (territoire, code),
    foreign key (territoire, atelier) references atelier (territoire, id) on delete cascade
);
create index atelier_table_code on atelier_table (code);
comment on table atelier_table is 'A group of residents around one table.';
comment on column atelier_table.code is 'What the table card shows: 8 characters without 0, O, 1, I, L, U.';
comment on column atelier_table.is_open is 'The animateur lets this table draw.';

create table participant (
    territoire  text not null,
    atelier     uuid not null,
    id          uuid not null,
    numero      smallint not null,
    rang        smallint not null check (rang > 0),
    created_at  timestamptz not null default now(),
    primary key (territoire, atelier, id),
    unique (territoire, atelier, numero, rang),
    foreign key (territoire, atelier, numero) references atelier_table (territoire, atelier, numero) on delete cascade
);
comment on table participant is 'A resident of one atelier, as a pseudonym: one voice.';
comment on column participant.id is 'HMAC of the secret the device keeps under the atelier''s participant_key; says nothing about a person.';
comment on column participant.numero is 'The table.';
comment on column participant.rang is 'Order of arrival at the table, shown as « Habitant·e 3 ».';

create table participant_link (
    territoire  text not null,
    atelier     uuid not null,
    code        text not null,
    participant uuid not null,
    expires_at  timestamptz not null,
    used_by     uuid,
    primary key (territoire, atelier, code),
    foreign key (territoire, atelier, participant) references participant (territoire, atelier, id) on delete cascade
);
comment on table participant_link is 'Short-lived codes by which a second device continues as the same participant.';
comment on column participant_link.used_by is 'Pseudonym that the second device would have had: it is the same person, once and for all.';

create table operation (
    territoire  text not null,
    atelier     uuid not null,
    seq         bigint not null check (seq > 0),
    id          uuid not null,
    kind        text not null check (kind in ('add', 'move', 'reshape', 'edit', 'delete', 'restore', 'hide', 'unhide', 'step', 'table_open', 'table_close', 'share', 'freeze')),
    marker      uuid,
    participant uuid,
    numero      smallint,
    role        text not null,
    body        jsonb not null,
    digest      bytea not null,
    at          timestamptz not null default clock_timestamp(),
    offset_s    integer,
    primary key (territoire, atelier, seq),
    unique (territoire, atelier, id),
    foreign key (territoire, atelier) references atelier (territoire, id) on delete cascade
);
create index operation_marker on operation (territoire, atelier, marker, seq);
comment on table operation is 'The log of an atelier: append-only, gapless from 1, the truth from which the markers can be rebuilt.';
comment on column operation.seq is 'Assigned in the transaction that writes the operation and the new state.';
comment on column operation.id is 'UUID made by the device; sending it again gives the same receipt.';
comment on column operation.numero is 'Table of the author; null for the animateur.';
comment on column operation.body is 'The operation as every reader receives it.';
comment on column operation.digest is 'SHA-256 of what the device sent: the same id with other content is a conflict.';
comment on column operation.at is 'Server time of the write; never used for order.';
comment on column operation.offset_s is 'Device clock minus server clock, seconds, clipped to ±10 years.';

create table late_operation (
    territoire  text not null,
    atelier     uuid not null,
    id          uuid not null,
    participant uuid,
    numero      smallint,
    kind        text not null,
    at          timestamptz not null default clock_timestamp(),
    primary key (territoire, atelier, id),
    foreign key (territoire, atelier) references atelier (territoire, id) on delete cascade
);
comment on table late_operation is 'Operations that arrived after the freeze: refused, kept on the device, counted here for the animateur.';

create table marker (
    territoire  text not null,
    atelier     uuid not null,
    id          uuid not null,
    participant uuid not null,
    numero      smallint not null,
    quartier    text not null,
    felt        text not null check (felt in ('unsafe', 'safe')),
    geom        geometry(Geometry, 4326) not null check (geometrytype(geom) in ('POINT', 'POLYGON')),
    anchor      geometry(Point, 4326) not null,
    cell        bigint not null,
    themes      text[] not null default '{}',
    reasons     text[] not null default '{}',
    moments     text[] not null default '{}',
    days        text[] not null default '{}',
    nature      text,
    frequency   text,
    since       text,
    place       text,
    severity    smallint check (severity between 1 and 4),
    avoids      boolean,
    approached  text[] not null default '{}',
    note        text check (char_length(note) <= 280),
    deleted     boolean not null default false,
    hidden      boolean not null default false,
    added_seq   bigint not null,
    geometry_seq bigint not null,
    existence_seq bigint not null,
    attribute_seqs jsonb not null default '{}',
    seq         bigint not null,
    version     xid8 not null default pg_current_xact_id(),
    updated_at  timestamptz not null default clock_timestamp(),
    primary key (territoire, atelier, id),
    foreign key (territoire, atelier) references atelier (territoire, id) on delete cascade,
    foreign key (territoire, atelier, participant) references participant (territoire, atelier, id),
    foreign key (territoire, quartier) references quartier (territoire, code)
);
create index marker_quartier on marker (territoire, quartier, cell) where not deleted and not hidden;
create index marker_version on marker (territoire, version);
create index marker_geom on marker using gist (geom);
comment on table marker is 'Where a resident feels unsafe or safe: the state that the log of the atelier leads to.';
comment on column marker.felt is 'unsafe or safe.';
comment on column marker.geom is 'Point or Polygon (zone), degrees, snapped to 1e-7.';
comment on column marker.anchor is 'The point itself, or a deterministic point inside the zone.';
comment on column marker.cell is 'H3 cell of the anchor at resolution 11.';
comment on column marker.quartier is 'Quartier that covers the anchor; a shared border goes to the code first in byte order.';
comment on column marker.nature is 'lived, witnessed, told or sensed.';
comment on column marker.severity is 'Felt severity, 1 to 4.';
comment on column marker.note is 'Free text, at most 280 characters; held for moderation, never public.';
comment on column marker.added_seq is 'Operation that added it.';
comment on column marker.geometry_seq is 'Last operation that changed the geometry.';
comment on column marker.existence_seq is 'Last operation that added, deleted or restored it.';
comment on column marker.attribute_seqs is 'Last operation that changed each attribute, by name.';
comment on column marker.seq is 'Last operation of any kind.';
comment on column marker.version is 'Transaction of the last write: a node that holds aggregates in memory reads what is not below its snapshot''s xmin, and so misses nothing whatever the order of commits.';

create table marker_cell (
    territoire  text not null,
    atelier     uuid not null,
    marker      uuid not null,
    cell        bigint not null,
    primary key (territoire, atelier, marker, cell),
    foreign key (territoire, atelier, marker) references marker (territoire, atelier, id) on delete cascade
);
comment on table marker_cell is 'Footprint of a marker: the cells at resolution 11 whose centre lies in the zone, and the cell of its anchor.';

create unlogged table presence (
    territoire  text not null,
    atelier     uuid not null,
    node        uuid not null,
    numero      smallint not null,
    devices     integer not null,
    seen_at     timestamptz not null default clock_timestamp(),
    primary key (territoire, atelier, node, numero)
);
comment on table presence is 'Devices connected per table and server node (0: staff screens); a count, never a name.';

create unlogged table rate_bucket (
    key         text primary key,
    tokens      real not null,
    updated_at  timestamptz not null default clock_timestamp()
);
comment on table rate_bucket is 'Token buckets shared by the nodes (wrong codes, signalements); the key is a keyed hash, never an address.';

create table staff_token (
    territoire  text not null references territoire,
    digest      bytea not null,
    role        text not null check (role in ('animateur', 'analyste', 'police', 'bailleur', 'admin', 'dpo')),
    label       text not null default '',
    demo        boolean not null default false,
    created_at  timestamptz not null default now(),
    revoked_at  timestamptz,
    primary key (territoire, digest)
);
create index staff_token_digest on staff_token (digest);
comment on table staff_token is 'Bearer tokens of staff and machines; only the SHA-256 of a token is stored.';

create table service_secret (
    name        text primary key,
    value       bytea not null default decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex')
);
comment on table service_secret is 'Random keys that all nodes share, made by the first one that needs them.';

-- +goose Down
drop table service_secret, staff_token, rate_bucket, presence, marker_cell, marker, late_operation, operation,
    participant_link, participant, atelier_table, atelier;
