-- +goose Up

-- Two more kinds of slides, made of signalements like the map: its hexagons that
-- are beyond chance, and its numbers as a surface.

alter table slide
    drop constraint slide_kind_check,
    drop constraint slide_check4,
    drop constraint slide_check5,
    drop constraint slide_check6,
    drop constraint slide_check7;
alter table slide
    add constraint slide_kind_check check (kind in ('map', 'week', 'months', 'themes', 'places', 'density', 'edition', 'recorded')),
    add constraint slide_moment_kind check (kind in ('map', 'months', 'themes', 'places', 'density') or moment is null),
    add constraint slide_theme_kind check (kind in ('map', 'week', 'months', 'places', 'density') or theme is null),
    add constraint slide_period_kind check (kind in ('map', 'week', 'months', 'themes', 'places', 'density') or (from_day is null and to_day is null)),
    add constraint slide_located check (not (kind in ('map', 'places', 'density') and theme = 'STU'));
comment on column slide.kind is 'map: signalements of the quartier by hexagon; week: by weekday and three hours; months: by month; themes: by family; places: hexagons of the map in which they gather beyond chance; density: the numbers of the map as a surface; edition: a published edition of the quartier; recorded: a recorded figure of the commune by year.';

-- +goose Down
delete from slide where kind in ('places', 'density');
alter table slide
    drop constraint slide_kind_check,
    drop constraint slide_moment_kind,
    drop constraint slide_theme_kind,
    drop constraint slide_period_kind,
    drop constraint slide_located;
alter table slide
    add constraint slide_kind_check check (kind in ('map', 'week', 'months', 'themes', 'edition', 'recorded')),
    add constraint slide_check4 check (kind in ('map', 'months', 'themes') or moment is null),
    add constraint slide_check5 check (kind in ('map', 'week', 'months') or theme is null),
    add constraint slide_check6 check (kind in ('map', 'week', 'months', 'themes') or (from_day is null and to_day is null)),
    add constraint slide_check7 check (not (kind = 'map' and theme = 'STU'));
