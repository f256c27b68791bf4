-- +goose Up

create table population (
    territoire  text not null,
    quartier    text not null,
    annee       smallint not null check (annee between 1900 and 2100),
    habitants   integer not null check (habitants > 0),
    source      text not null check (char_length(source) between 1 and 200),
    imported_at timestamptz not null default now(),
    primary key (territoire, quartier, annee),
    foreign key (territoire, quartier) references quartier (territoire, code) on delete cascade
);
comment on table population is 'Inhabitants of a quartier as a source states them; nothing is estimated. Without a row there is no rate per inhabitant. Goes with its quartier.';
comment on column population.annee is 'Year that the figure describes.';
comment on column population.habitants is 'Number of inhabitants.';
comment on column population.source is 'Who publishes the figure, as it is shown beside every rate.';

-- +goose Down
drop table population;
