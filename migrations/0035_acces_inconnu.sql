-- +goose Up

-- Whoever tries addresses without an account must not fill the log of access, which
-- only grows: tries are counted here, and the log gets a line for each row once its
-- hour is over.
create table acces_inconnu (
    territoire   text not null references territoire,
    heure        timestamptz not null,
    raison       text not null,
    fournisseur  text not null default '',
    origine      text not null,
    essais       integer not null default 1 check (essais > 0),
    dernier      timestamptz not null default clock_timestamp(),
    primary key (territoire, heure, raison, fournisseur, origine)
);
comment on table acces_inconnu is 'Tries of this hour to come in without an account, counted by network address: nothing of whom they named. They move to journal.connexion.';
comment on column acces_inconnu.heure is 'Beginning of the hour (UTC) in which they were made.';
comment on column acces_inconnu.raison is 'Why they were refused, as in the details of journal.connexion.';
comment on column acces_inconnu.fournisseur is 'Identity provider by which they came; empty for a password.';
comment on column acces_inconnu.origine is 'Pseudonym of the network address, as in journal.connexion; empty for all others, once an hour has many.';
comment on column acces_inconnu.essais is 'How many tries.';
comment on column acces_inconnu.dernier is 'The last of them.';

-- +goose Down
drop table acces_inconnu;
