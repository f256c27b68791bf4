-- +goose Up

-- Every table of city data is led by territoire (the INSEE code of the
-- commune): it is the first column of each primary key, foreign key and
-- index, so that a sharded PostgreSQL can distribute all of them by it.
-- There are no triggers and no sequences shared between territoires.

create table territoire (
    territoire  text primary key check (territoire ~ '^[0-9][0-9AB][0-9]{3}$'),
    nom         text not null check (nom <> ''),
    fuseau      text not null default 'Europe/Paris',
    emprise     geometry(Polygon, 4326) not null,
    demo        boolean not null default false,
    created_at  timestamptz not null default now()
);
comment on table territoire is 'A commune that uses the service.';
comment on column territoire.territoire is 'INSEE code of the commune.';
comment on column territoire.fuseau is 'IANA time zone in which hours of the day are read.';
comment on column territoire.emprise is 'Bounding box of the quartiers enlarged by the surroundings (500 m): a position outside it is refused. Degrees, EPSG:4326.';
comment on column territoire.demo is 'True once fictional data was loaded: every page then says « données fictives ».';

create table quartier (
    territoire  text not null references territoire,
    code        text not null check (code ~ '^[A-Z0-9_-]{1,12}$'),
    nom         text not null,
    nom_court   text not null,
    geom        geometry(MultiPolygon, 4326) not null,
    primary key (territoire, code),
    unique (territoire, nom)
);
create index quartier_geom on quartier using gist (geom);
comment on table quartier is 'Official quartiers; they may not overlap.';
comment on column quartier.code is 'Short stable code, unique in the territoire; byte order decides ties on a shared border.';
comment on column quartier.nom is 'Full name, Unicode NFC.';
comment on column quartier.nom_court is 'Name without the name of the commune, for small maps.';

create table voirie (
    territoire  text not null references territoire,
    id          integer not null,
    nom         text,
    domanialite text not null check (domanialite in ('COM', 'DEP', 'NAT', 'AUT', 'PRI', 'NR')),
    longueur_m  integer,
    geom        geometry(MultiLineString, 4326) not null,
    primary key (territoire, id)
);
create index voirie_geom on voirie using gist (geom);
comment on table voirie is 'Street network, for the basemap.';
comment on column voirie.nom is 'Name of the street; null when it has none.';
comment on column voirie.domanialite is 'Owner: COM communale, DEP départementale, NAT nationale, AUT autoroute, PRI privée, NR non déterminée.';
comment on column voirie.longueur_m is 'Length in metres, as published.';

create table voie (
    territoire  text not null references territoire,
    id          text not null,
    nom         text not null,
    recherche   text not null,
    quartier    text,
    longueur_m  real,
    geom        geometry(Point, 4326) not null,
    primary key (territoire, id)
);
create index voie_recherche on voie (territoire, recherche text_pattern_ops);
comment on table voie is 'Street gazetteer, for search by name without Internet.';
comment on column voie.recherche is 'Name in lower case without accents or punctuation.';
comment on column voie.quartier is 'Quartier stated by the source; null when its point is outside the commune.';
comment on column voie.longueur_m is 'Length in metres.';

create table repere (
    territoire  text not null references territoire,
    id          text not null,
    nom         text not null,
    recherche   text not null,
    type_bien   text not null,
    quartier    text,
    adresse     text,
    geom        geometry(MultiPolygon, 4326) not null,
    primary key (territoire, id)
);
create index repere_geom on repere using gist (geom);
create index repere_recherche on repere (territoire, recherche text_pattern_ops);
comment on table repere is 'Named public buildings, landmarks of the basemap.';
comment on column repere.recherche is 'Name in lower case without accents or punctuation.';
comment on column repere.type_bien is 'ADM administration, ENS enseignement, SPO sport, CUL culture, REL culte, SAN santé, TEC technique, COM commerce, LOG logement, ANX annexe, AQU aquatique.';

-- +goose Down
drop table repere, voie, voirie, quartier, territoire;
