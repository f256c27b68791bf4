-- +goose Up

-- A step is closed on its own: the room then has a last step and no clock.
alter table operation drop constraint operation_kind_check;
alter table operation add constraint operation_kind_check check (kind in (
    'add', 'move', 'reshape', 'edit', 'delete', 'restore', 'hide', 'unhide', 'step', 'step_close', 'table_open', 'table_close', 'share',
    'freeze', 'remark_add', 'remark_edit', 'remark_delete', 'remark_restore', 'remark_hide', 'remark_unhide', 'vote', 'findings', 'erase',
    'forgotten'));
comment on column atelier.step is 'The step that was opened last, 0 (before) to 7 (follow-up).';
comment on column atelier.step_at is 'When that step was opened; null before the first, and once the step was closed.';
comment on column atelier.step_minutes is 'Planned length of the open step, minutes.';

-- Counts of nodes cannot be added: a device with two tabs may be connected to two.
drop table presence;
create unlogged table presence (
    territoire  text not null,
    atelier     uuid not null,
    node        uuid not null,
    numeros     smallint[] not null,
    devices     uuid[] not null,
    seen_at     timestamptz not null default clock_timestamp(),
    primary key (territoire, atelier, node),
    check (cardinality(numeros) = cardinality(devices))
);
comment on table presence is 'Devices connected to each server node, only to count them; forgotten within hours.';
comment on column presence.numeros is 'The table of each of devices; 0 for a screen of the staff.';
comment on column presence.devices is 'Identifiers drawn at random by browsers for one atelier, so that two tabs of one device count once; they name nobody and open nothing.';

-- +goose Down
drop table presence;
create unlogged table presence (
    territoire  text not null,
    atelier     uuid not null,
    node        uuid not null,
    numero      smallint not null,
    devices     integer not null,
    seen_at     timestamptz not null default clock_timestamp(),
    primary key (territoire, atelier, node, numero)
);
comment on table presence is 'Devices connected per table and server node (0: staff screens); a count, never a name.';
-- The number stays; what the room has become is in its own row.
update operation set kind = 'forgotten', role = '', body = '{}', digest = '' where kind = 'step_close';
alter table operation drop constraint operation_kind_check;
alter table operation add constraint operation_kind_check check (kind in (
    'add', 'move', 'reshape', 'edit', 'delete', 'restore', 'hide', 'unhide', 'step', 'table_open', 'table_close', 'share', 'freeze',
    'remark_add', 'remark_edit', 'remark_delete', 'remark_restore', 'remark_hide', 'remark_unhide', 'vote', 'findings', 'erase', 'forgotten'));
