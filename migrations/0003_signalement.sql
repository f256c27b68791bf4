-- +goose Up

create table signalement_import (
    territoire  text not null references territoire,
    id          uuid not null,
    format      text not null,
    digest      bytea not null,
    rows_read   integer not null,
    rows_added  integer not null,
    at          timestamptz not null default now(),
    primary key (territoire, id),
    unique (territoire, digest)
);
comment on table signalement_import is 'One file of signalements that was imported.';
comment on column signalement_import.digest is 'SHA-256 of the file: the same file twice adds nothing.';

create table signalement (
    territoire  text not null references territoire,
    id          uuid not null,
    quartier    text,
    geom        geometry(Point, 4326) not null,
    cell        bigint not null,
    theme       text not null check (theme in ('BRU', 'OCC', 'STU', 'DEG', 'CIR', 'PRO', 'AMB', 'VIO', 'VOL', 'VOI')),
    subtheme    text check (char_length(subtheme) <= 120),
    nature      text check (nature in ('lived', 'witnessed', 'told', 'sensed')),
    occurred_from timestamptz not null,
    occurred_to timestamptz not null check (occurred_to >= occurred_from),
    frequency   text check (frequency in ('once', 'recurrent', 'daily')),
    since       text check (since in ('week', 'month', 'year', 'longer')),
    place       text check (place in ('street', 'common_parts', 'parking', 'transport', 'park', 'school')),
    severity    smallint check (severity between 1 and 4),
    avoids      boolean,
    approached  text[] not null default '{}',
    note        text check (char_length(note) <= 280),
    reporter    uuid,
    origin      text not null,
    external_id text,
    import      uuid,
    hidden      boolean not null default false,
    digest      bytea,
    demo        boolean not null default false,
    received_at timestamptz not null default clock_timestamp(),
    version     xid8 not null default pg_current_xact_id(),
    primary key (territoire, id),
    unique (territoire, origin, external_id),
    foreign key (territoire, quartier) references quartier (territoire, code),
    foreign key (territoire, import) references signalement_import (territoire, id)
);
create index signalement_received on signalement (territoire, received_at desc, id desc);
create index signalement_quartier on signalement (territoire, quartier, occurred_from);
create index signalement_cell on signalement (territoire, cell);
create index signalement_version on signalement (territoire, version);
create index signalement_geom on signalement using gist (geom);
comment on table signalement is 'What a resident reported to the city: a place, a theme, a time.';
comment on column signalement.id is 'UUID made by the client where it retries.';
comment on column signalement.quartier is 'Quartier that covers the position; null in the surroundings of the territoire.';
comment on column signalement.geom is 'Degrees, snapped to 1e-7.';
comment on column signalement.cell is 'H3 cell at resolution 11.';
comment on column signalement.occurred_from is 'Start of the period in which it happened; equal to occurred_to when the moment is known.';
comment on column signalement.note is 'Free text, at most 280 characters; held for moderation, never public.';
comment on column signalement.reporter is 'Pseudonym of the person who reported, when known: one voice.';
comment on column signalement.origin is 'Where it came from: habitant, demo, or import:FORMAT.';
comment on column signalement.external_id is 'Identifier at the origin: the same one is imported once.';
comment on column signalement.version is 'Transaction of the last write, as in marker.version.';
comment on column signalement.digest is 'SHA-256 of what the device sent: the same id with other content is a conflict.';

-- +goose Down
drop table signalement, signalement_import;
