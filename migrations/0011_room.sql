-- +goose Up
-- No question asks the markers for a place: hexagons are counted by cell, in
-- memory. The index cost every move of every marker.
drop index if exists marker_geom;
