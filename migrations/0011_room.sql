-- +goose Up
-- No question asks the markers for a place: hexagons are counted by cell, in
-- memory. The index cost every move of every marker.
drop index if exists marker_geom;

alter table atelier add column plan smallint[] check (array_length(plan, 1) = 7);
comment on column atelier.plan is 'Minutes planned for the steps 1 to 7; null until the animateur has changed one.';
