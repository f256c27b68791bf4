-- +goose Up

-- A slide may stand on a wall while somebody decides that what it counts is not
-- shown: the wall asks for this number with the rest, and counts again.
alter table restitution add column recounted integer not null default 0 check (recounted >= 0);
comment on column restitution.recounted is 'How often something that slides show was taken out or put back: a signalement hidden, shown again or erased, an edition withdrawn. A wall that sees another number counts its slide again.';

-- +goose Down
alter table restitution drop column recounted;
