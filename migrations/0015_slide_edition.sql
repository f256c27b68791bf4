-- +goose Up

-- Of earlier evenings a hall sees editions and nothing else: other counts of
-- theirs beside an edition would tell what it hides.

delete from slide where kind = 'atelier';
alter table slide drop column source;
alter table slide drop constraint slide_kind_check;
alter table slide add constraint slide_kind_check check (kind in ('map', 'week', 'months', 'themes', 'edition', 'recorded'));
comment on column slide.kind is 'map: signalements of the quartier by hexagon; week: by weekday and three hours; months: by month; themes: by family; edition: a published edition of the quartier; recorded: a recorded figure of the commune by year.';

-- +goose Down
alter table slide add column source uuid;
alter table slide drop constraint slide_kind_check;
alter table slide add constraint slide_kind_check check (kind in ('map', 'week', 'months', 'themes', 'edition', 'atelier', 'recorded'));
