-- +goose Up

-- What the police shows at the third step of an evening, chosen beforehand.

create table restitution (
    territoire  text not null,
    atelier     uuid not null,
    version     integer not null check (version > 0),
    shown       smallint not null default 0 check (shown between 0 and 12),
    primary key (territoire, atelier),
    foreign key (territoire, atelier) references atelier (territoire, id) on delete cascade
);
comment on table restitution is 'The presentation of an atelier: which of its slides the wall shows, on whatever node it asks.';
comment on column restitution.version is 'Counts the changes of its slides: a change that has not seen the last one is refused.';
comment on column restitution.shown is 'Rank of the slide on the wall; 0 for the opening page, which lists them.';

create table slide (
    territoire  text not null,
    atelier     uuid not null,
    rang        smallint not null check (rang between 1 and 12),
    kind        text not null check (kind in ('map', 'week', 'months', 'themes', 'edition', 'atelier', 'recorded')),
    theme       text check (theme in ('BRU', 'OCC', 'STU', 'DEG', 'CIR', 'PRO', 'AMB', 'VIO', 'VOL', 'VOI')),
    moment      text check (moment in ('day', 'evening', 'night')),
    from_day    date,
    to_day      date check (to_day >= from_day),
    numero      integer check (numero > 0),
    source      uuid,
    indicateur  text check (char_length(indicateur) between 1 and 200),
    primary key (territoire, atelier, rang),
    foreign key (territoire, atelier) references restitution (territoire, atelier) on delete cascade,
    foreign key (territoire, source) references atelier (territoire, id) on delete cascade,
    check ((kind = 'edition') = (numero is not null)),
    check ((kind = 'atelier') = (source is not null)),
    check ((kind = 'recorded') = (indicateur is not null)),
    check (kind in ('map', 'months', 'themes') or moment is null),
    check (kind in ('map', 'week', 'months') or theme is null),
    check (kind in ('map', 'week', 'months', 'themes') or (from_day is null and to_day is null)),
    check (not (kind = 'map' and theme = 'STU'))
);
create index slide_source on slide (territoire, source);
comment on table slide is 'A slide as it was asked for; its figures are counted when it is shown, so that what was erased meanwhile is on none.';
comment on column slide.kind is 'map: signalements of the quartier by hexagon; week: by weekday and three hours; months: by month; themes: by family; edition: a published edition of the quartier; atelier: what an earlier atelier of the quartier felt; recorded: a recorded figure of the commune by year.';
comment on column slide.theme is 'Family of the signalements; null for all. Narcotics have no map: where is never told at a fine scale.';
comment on column slide.moment is 'day: 6 to 18 h; evening: 18 to 22 h; night: 22 to 6 h, local time; null for all.';
comment on column slide.from_day is 'First day, included, in the time zone of the territoire; null for the first signalement.';
comment on column slide.to_day is 'Last day, included; null for today.';
comment on column slide.numero is 'Number of the edition in its quartier; one that was withdrawn since shows nothing.';
comment on column slide.source is 'The earlier atelier, closed.';
comment on column slide.indicateur is 'Name of the recorded figure, as in statistique_communale.';

create table slide_shown (
    territoire  text not null,
    atelier     uuid not null,
    asked       jsonb not null,
    told        jsonb not null,
    at          timestamptz not null default now(),
    primary key (territoire, atelier, asked),
    foreign key (territoire, atelier) references atelier (territoire, id) on delete cascade
);
comment on table slide_shown is 'What the hall was told, for the compte rendu: the same whenever it is written again.';
comment on column slide_shown.asked is 'The slide as it was asked for.';
comment on column slide_shown.told is 'Its figures when it was last put on the wall: published, or rounded down to multiples of five, with fewer left out. Nothing in it is about a person.';
comment on column slide_shown.at is 'When it was first put on the wall.';

-- +goose Down
drop table slide_shown, slide, restitution;
