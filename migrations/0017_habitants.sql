-- +goose Up

-- Residents of an atelier who follow what becomes of it, and what they say once
-- an action is done: is it better?
create table contact.follower (
    territoire  text not null,
    atelier     uuid not null,
    id          uuid not null,
    numero      smallint not null,
    code        text not null,
    email       text not null default '' check (char_length(email) <= 254),
    confirm     text not null default '',
    email_at    timestamptz,
    confirmed_at timestamptz,
    created_at  timestamptz not null default clock_timestamp(),
    primary key (territoire, atelier, id),
    foreign key (territoire, atelier, numero) references atelier_table (territoire, atelier, numero) on delete cascade,
    check (confirmed_at is null or email <> '')
);
create unique index follower_code on contact.follower (code);
create index follower_table on contact.follower (territoire, atelier, numero);
create index follower_created_at on contact.follower (territoire, created_at);
comment on table contact.follower is 'A resident who follows an atelier, by a code kept on the device and perhaps by e-mail. Tied to a table, to no participant: there are at most as many as seats were taken there.';
comment on column contact.follower.code is 'Opens the page of this follower: what was answered, the questions, unsubscribing and erasing.';
comment on column contact.follower.email is 'Given for this only; nothing is sent there before it was confirmed but the question itself.';
comment on column contact.follower.confirm is 'Word in the first e-mail that confirms the address.';
comment on column contact.follower.email_at is 'When the address was given: unconfirmed, it is deleted after a week.';

create table action_voice (
    territoire  text not null,
    action      uuid not null,
    atelier     uuid not null,
    follower    uuid not null,
    done_on     date not null,
    better      boolean not null,
    at          timestamptz not null default clock_timestamp(),
    primary key (territoire, action, follower),
    foreign key (territoire, action) references action (territoire, id) on delete cascade,
    foreign key (territoire, atelier, follower) references contact.follower (territoire, atelier, id) on delete cascade
);
create index action_voice_follower on action_voice (territoire, atelier, follower);
comment on table action_voice is 'What a resident who follows says of a done action: one voice each, the last one holds.';
comment on column action_voice.done_on is 'Day of the completion that is spoken of: done again later, it is asked again.';
comment on column action_voice.better is 'True: it is better; false: it is not.';

-- +goose Down
drop table action_voice, contact.follower;
