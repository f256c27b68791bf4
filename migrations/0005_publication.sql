-- +goose Up

-- What everybody may read. The role of the public pages may SELECT here and
-- nowhere else (see migrations.GrantPublic); only the publication writes here.
-- No foreign key leads out of the schema: what is public depends on nothing
-- that is not.
create schema publication;
comment on schema publication is 'What everybody may read, and nothing else.';

create table publication.edition (
    territoire   text not null,
    quartier     text not null,
    numero       integer not null check (numero > 0),
    canonical    bytea,
    hash         text check (hash ~ '^[0-9a-f]{64}$'),
    demo         boolean not null,
    published_on date not null,
    withdrawn_on date,
    primary key (territoire, quartier, numero),
    check ((canonical is null) = (hash is null)),
    check ((canonical is null) = (withdrawn_on is not null))
);
comment on table publication.edition is 'Editions in their one form, the canonical text: rows beside it could say something else. Immutable; a withdrawal empties one.';
comment on column publication.edition.numero is 'From 1 in each quartier, without holes.';
comment on column publication.edition.canonical is 'Canonical text of geo/edition, ASCII; null once withdrawn.';
comment on column publication.edition.hash is 'SHA-256 of canonical, hexadecimal.';
comment on column publication.edition.demo is 'Made of fictional data.';
comment on column publication.edition.published_on is 'Civil day of the territoire.';

create table publication.rencontre (
    territoire   text not null,
    id           uuid not null,
    quartier     text not null,
    kind         text not null,
    titre        text not null,
    lieu         text not null,
    starts_at    timestamptz not null,
    closes_at    timestamptz not null,
    demo         boolean not null,
    primary key (territoire, id)
);
create index rencontre_starts_at on publication.rencontre (territoire, starts_at, id);
comment on table publication.rencontre is 'Evenings as they are announced: where and when, never who came or how many.';
comment on column publication.rencontre.id is 'Drawn for the announcement; says nothing about the atelier.';

-- What the city keeps about its editions, private.

create table edition (
    territoire   text not null references territoire,
    quartier     text not null,
    numero       integer not null check (numero > 0),
    period_from  date,
    period_to    date check (period_to > period_from),
    resolution   smallint not null,
    published_at timestamptz not null default clock_timestamp(),
    withdrawn_at timestamptz,
    primary key (territoire, quartier, numero),
    check ((period_from is null) = (period_to is null))
);
comment on table edition is 'Ledger: every edition ever published, withdrawn ones included, so that no evening and no day is counted twice. Never purged.';
comment on column edition.period_from is 'First day of the period that it counts; null when it counts ateliers.';
comment on column edition.period_to is 'First day after the period.';
comment on column edition.resolution is 'H3 resolution of its hexagons.';

create table edition_atelier (
    territoire   text not null,
    atelier      uuid not null,
    quartier     text not null,
    numero       integer not null,
    day          date not null,
    primary key (territoire, atelier),
    foreign key (territoire, quartier, numero) references edition (territoire, quartier, numero)
);
comment on table edition_atelier is 'The evenings that an edition counts: each once, ever. It outlives the atelier.';
comment on column edition_atelier.day is 'Civil day of the territoire on which it was held.';

create table edition_brouillon (
    territoire   text not null references territoire,
    id           uuid not null,
    quartier     text not null,
    ateliers     uuid[] not null check (cardinality(ateliers) > 0),
    state        text not null default 'asked' check (state in ('asked', 'ready', 'refused', 'published')),
    refusal      text,
    numero       integer,
    canonical    bytea,
    hash         text,
    material     bytea,
    asked_at     timestamptz not null default clock_timestamp(),
    ready_at     timestamptz,
    primary key (territoire, id),
    foreign key (territoire, quartier) references quartier (territoire, code),
    check ((state = 'refused') = (refusal is not null)),
    check (state not in ('ready', 'published') or canonical is not null and hash is not null and numero is not null and material is not null)
);
comment on table edition_brouillon is 'Editions as they would be published, for the animateur to look at first. The key of their thresholds is gone: what is published are these very bytes.';
comment on column edition_brouillon.id is 'UUID made by the client.';
comment on column edition_brouillon.ateliers is 'Closed ateliers of the quartier that it merges.';
comment on column edition_brouillon.refusal is 'Stable code of why it cannot be built.';
comment on column edition_brouillon.material is 'SHA-256 of the voices it was built from: moderation since then makes it out of date.';

-- +goose Down
drop table edition_brouillon, edition_atelier, edition;
drop schema publication cascade;
