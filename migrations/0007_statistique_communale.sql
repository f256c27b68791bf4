-- +goose Up

create table statistique_import (
    territoire  text not null references territoire,
    id          uuid not null,
    source      text not null check (char_length(source) between 1 and 200),
    digest      bytea not null,
    rows_read   integer not null,
    rows_kept   integer not null,
    at          timestamptz not null default now(),
    primary key (territoire, id),
    unique (territoire, digest)
);
comment on table statistique_import is 'One file of recorded statistics that was imported.';
comment on column statistique_import.source is 'Who publishes the figures, as it is printed beside them.';
comment on column statistique_import.digest is 'SHA-256 of the uncompressed file: the same file twice changes nothing.';
comment on column statistique_import.rows_kept is 'Rows of this territoire; a national file holds all communes.';

create table statistique_communale (
    territoire  text not null references territoire,
    indicateur  text not null check (char_length(indicateur) between 1 and 200),
    unite       text not null check (char_length(unite) between 1 and 80),
    annee       smallint not null check (annee between 1990 and 2100),
    diffuse     boolean not null,
    nombre      integer check (nombre >= 0),
    taux        double precision check (taux >= 0),
    population  integer check (population > 0),
    population_annee smallint,
    import      uuid not null,
    primary key (territoire, indicateur, unite, annee),
    foreign key (territoire, import) references statistique_import (territoire, id),
    check (diffuse or (nombre is null and taux is null))
);
comment on table statistique_communale is 'Recorded crime of the commune as its publisher gives it (SSMSI): context only. It knows no place within the commune and is never mixed into hexagons.';
comment on column statistique_communale.unite is 'What nombre counts (victime, infraction, véhicule, mis en cause…), in the words of the source.';
comment on column statistique_communale.diffuse is 'False when the source withholds the figure (ndiff): that is neither zero nor small, and no number is kept.';
comment on column statistique_communale.nombre is 'Recorded in the year; null when withheld or not given.';
comment on column statistique_communale.taux is 'Per thousand inhabitants, or dwellings for burglaries, as published.';
comment on column statistique_communale.population is 'Inhabitants used by the source for taux; null when not given.';
comment on column statistique_communale.population_annee is 'Census year of population.';

-- +goose Down
drop table statistique_communale, statistique_import;
