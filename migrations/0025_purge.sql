-- +goose Up

create table purge (
    territoire      text not null references territoire,
    id              uuid not null default gen_random_uuid(),
    at              timestamptz not null default clock_timestamp(),
    texts_past      integer not null,
    texts_total     integer not null,
    positions_past  integer not null,
    positions_total integer not null,
    logs_past       integer not null,
    logs_total      integer not null,
    contacts_past   integer not null,
    contacts_total  integer not null,
    primary key (territoire, id)
);
create index purge_at on purge (territoire, at desc, id);
comment on table purge is 'What each purge found past its retention when it had ended: 0 of N, or what it could not reach. Kept for 24 months.';
comment on column purge.texts_past is 'Free texts past their retention, once the purge had run; the totals count all that are kept.';
comment on column purge.positions_past is 'Exact positions.';
comment on column purge.logs_past is 'Logs of ateliers.';
comment on column purge.contacts_past is 'Reporters and followers who left an address or a code.';

-- +goose Down
drop table purge;
