-- +goose Up

-- What the log of an atelier has forgotten keeps its number and nothing else;
-- erase is the entry that says so to the nodes.
alter table operation drop constraint operation_kind_check;
alter table operation add constraint operation_kind_check check (kind in (
    'add', 'move', 'reshape', 'edit', 'delete', 'restore', 'hide', 'unhide', 'step', 'table_open', 'table_close',
    'share', 'freeze', 'erase', 'forgotten'));
comment on table operation is 'The log of an atelier: append-only, gapless from 1, the truth from which the markers can be rebuilt. Erasure and retention empty an entry (kind forgotten) and leave its number.';

alter table marker add column coarse boolean not null default false;
comment on column marker.coarse is 'Past its retention: geom and anchor are the centre of the cell, resolution 11.';
create index marker_note on marker (territoire, updated_at, id) where note is not null and not deleted;

alter table signalement add column coarse boolean not null default false;
alter table signalement add column receipt bytea;
comment on column signalement.coarse is 'Past its retention: geom is the centre of the cell, resolution 11.';
comment on column signalement.receipt is 'SHA-256 of the receipt code with which the reporter sees or erases it; null for imports.';
create unique index signalement_receipt on signalement (territoire, receipt) where receipt is not null;
create index signalement_note on signalement (territoire, received_at, id) where note is not null;

create table moderation (
    territoire  text not null references territoire,
    id          uuid not null,
    objet       text not null check (objet in ('marker', 'signalement', 'finding')),
    objet_id    uuid not null,
    champ       text not null default '' check (champ in ('', 'note', 'subtheme', 'texte')),
    action      text not null check (action in ('publish', 'redact', 'withhold', 'hide', 'restore')),
    reason      text not null default '',
    digest      bytea,
    texte       text,
    role        text not null,
    auteur      text not null default '',
    at          timestamptz not null default clock_timestamp(),
    primary key (territoire, id),
    check ((champ = '') = (action in ('hide', 'restore'))),
    check ((reason = '') = (action = 'publish')),
    check ((digest is null) = (champ = ''))
);
create index moderation_objet on moderation (territoire, objet_id, champ, at desc, id desc);
comment on table moderation is 'Decisions about residents'' texts and about what is shown: append-only; the newest one of a text holds while the text is the one that was read.';
comment on column moderation.id is 'UUID made by the client, so that deciding twice decides once.';
comment on column moderation.champ is 'The text decided about; empty for the object as a whole.';
comment on column moderation.reason is 'Code of a closed list; empty when a text is published as it is.';
comment on column moderation.digest is 'SHA-256 of the text that was read: a text changed since is held again.';
comment on column moderation.texte is 'What is shown in place of the text; null when nothing is, and once the retention of texts has passed.';
comment on column moderation.auteur is 'Account of who decided.';

create table effacement (
    territoire  text not null references territoire,
    id          uuid not null,
    version     xid8 not null default pg_current_xact_id(),
    at          timestamptz not null default clock_timestamp(),
    primary key (territoire, id)
);
create index effacement_version on effacement (territoire, version);
comment on table effacement is 'Identifiers of markers and signalements erased during the last day, so that nodes which count in memory take them out; they lead to nothing any more.';
comment on column effacement.version is 'Transaction of the erasure, as in marker.version.';

create table conservation (
    territoire      text primary key references territoire,
    text_months     smallint not null default 12 check (text_months between 1 and 24),
    position_months smallint not null default 24 check (position_months between 1 and 36),
    contact_months  smallint not null default 12 check (contact_months between 1 and 24),
    updated_at      timestamptz not null default now()
);
comment on table conservation is 'How long a territoire keeps what residents gave; without a row, the defaults.';
comment on column conservation.text_months is 'Months after which free texts are deleted: after the end of the atelier, or after the signalement was received.';
comment on column conservation.position_months is 'Months after which an exact position becomes the centre of its cell at resolution 11 (about 50 m), and tokens of participants stop working.';
comment on column conservation.contact_months is 'Months after which contact data is deleted.';

-- +goose Down
drop table conservation, effacement, moderation;
drop index signalement_note, signalement_receipt, marker_note;
alter table signalement drop column receipt, drop column coarse;
alter table marker drop column coarse;
delete from operation where kind in ('erase', 'forgotten');
alter table operation drop constraint operation_kind_check;
alter table operation add constraint operation_kind_check check (kind in (
    'add', 'move', 'reshape', 'edit', 'delete', 'restore', 'hide', 'unhide', 'step', 'table_open', 'table_close',
    'share', 'freeze'));
